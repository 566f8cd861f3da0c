/**
 * Which software has worked on a store: a `SystemVersion` each time that the set of packages changed, with a
 * `SoftwareVersion` for every package. The running node records it when it starts; opening a store never does.
 */
import { integer, text, timestamp } from '../attributes/attributes.js'
import { reference } from '../attributes/reference.js'
import { item } from '../items/item.js'
import { registerItemTypes } from '../items/registry.js'

export class SystemVersion extends item({
  typeName: 'axiom_listversions_systemversion',
  version: 1,
  module: 'axiom.listversions',
  attributes: { creation: timestamp({ allowNull: false, doc: 'when the set was recorded' }) },
}) {}

export class SoftwareVersion extends item({
  typeName: 'axiom_listversions_softwareversion',
  version: 1,
  module: 'axiom.listversions',
  attributes: {
    systemVersion: reference(() => SystemVersion, { allowNull: false, doc: 'the set that the package belongs to' }),
    package: text({ allowNull: false, doc: 'the name of the package' }),
    version: text({ allowNull: false, doc: 'its version as the package writes it' }),
    major: integer({ allowNull: false, doc: 'the first number of the version' }),
    minor: integer({ allowNull: false, doc: 'the second' }),
    micro: integer({ allowNull: false, doc: 'the third' }),
  },
}) {}
registerItemTypes(SystemVersion, SoftwareVersion)

import { text } from '../store-engine/attributes/attributes.js'
import { reference } from '../store-engine/attributes/reference.js'
import { item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import { SubStore } from '../store-engine/sub-store.js'

/** The site store's record that an offering is installed, and where its application store is. */
export class InstalledOffering extends item({
  typeName: 'mantissa_installed_offering',
  version: 1,
  module: 'xmantissa.offering',
  attributes: {
    application: reference(() => SubStore, { doc: 'The application store of the offering.' }),
    offeringName: text({ allowNull: false, doc: 'The name of the offering.' }),
  },
}) {}

registerItemTypes(InstalledOffering)

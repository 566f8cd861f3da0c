/** What a store says of who may see which of its items; the rules live elsewhere. */
import { text } from '../store-engine/attributes/attributes.js'
import { reference } from '../store-engine/attributes/reference.js'
import { Item, type ItemConstructor, item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import type { LegacyItem } from '../store-engine/upgrades/legacy-item.js'
import { registerUpgrader } from '../store-engine/upgrades/upgrade.js'

/** Somebody, or a group of such, as this store sees them. */
export class Role extends item({
  typeName: 'sharing_role',
  version: 1,
  module: 'xmantissa.sharing',
  attributes: {
    externalID: text({ allowNull: false, doc: '`Everyone`, `Authenticated`, or the address of a person.' }),
    description: text(),
  },
}) {}

/** `member` is one of `group`. */
export class RoleRelationship extends item({
  typeName: 'sharing_relationship',
  version: 1,
  module: 'xmantissa.sharing',
  attributes: {
    member: reference(() => Role, { whenDeleted: 'cascade' }),
    group: reference(() => Role, { whenDeleted: 'cascade' }),
  },
}) {}

/** `sharedTo` may use these interfaces of the item, and knows it as `shareID`. */
export class Share extends item({
  typeName: 'sharing_share',
  version: 2,
  module: 'xmantissa.sharing',
  attributes: {
    shareID: text({ allowNull: false }),
    sharedItem: reference({ allowNull: false, whenDeleted: 'cascade' }),
    sharedTo: reference(() => Role, { allowNull: false, whenDeleted: 'cascade' }),
    sharedInterfaceNames: text({ allowNull: false, doc: 'Dotted names, with commas; `*` for all.' }),
  },
}) {}

registerItemTypes(Role, RoleRelationship, Share)

/** Version 1 named attributes, not interfaces. */
registerUpgrader({
  typeName: 'sharing_share',
  from: 1,
  to: 2,
  upgrade: legacy => {
    const { shareID, sharedItem, sharedTo } = legacy.values
    return { shareID, sharedItem, sharedTo, sharedInterfaceNames: interfacesOf(legacy) }
  },
})

/**
 * The interfaces of the item that have exactly the attributes that were shared, as the original chose them. Where there
 * are none, or the item's code is not here, nothing is shared: never more than before.
 */
function interfacesOf(legacy: LegacyItem): string {
  const attributes = String(legacy.values['sharedAttributeNames']).split(',')
  if (attributes.join() === '*') return '*'
  const shared = legacy.reference('sharedItem')
  if (!(shared instanceof Item)) return ''
  const { powerupInterfaces } = (shared.constructor as ItemConstructor).itemType
  const faces = powerupInterfaces.map(each => ('name' in each ? each : each[0]))
  const same = faces.filter(({ members }) => [...members].sort().join() === [...attributes].sort().join())
  return same.map(({ name }) => name).join(',')
}

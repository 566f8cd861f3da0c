import type { LegacyItem } from '../upgrades/legacy-item.js'
import { registerUpgrader } from '../upgrades/upgrade.js'
import { Tag, TagName } from './tag.js'

/** Version 1 of catalogs kept no list of the names used in them; it is made from the tags that there are. */
registerUpgrader({ typeName: 'tag_catalog', from: 1, to: 2, upgrade: upgradeCatalog1 })

function upgradeCatalog1(legacy: LegacyItem): Record<string, unknown> {
  // As rows in column order: the catalog is just being upgraded and cannot be referred to as an object.
  const { engine } = legacy.store
  for (const name of usedNames(legacy))
    engine.writer.insert(engine.getTable(TagName), [null, BigInt(legacy.storeID), name])
  return { ...legacy.values }
}

/** Names that differ in the case of ASCII letters are one, as the column compares them. */
function usedNames({ store, storeID }: LegacyItem): string[] {
  const tags = store.engine.findTable(Tag)
  if (tags === undefined) return []
  const { table } = tags.onDisk
  return store.sql.pluck<string>(
    `SELECT name FROM ${table} WHERE catalog = ? AND name IS NOT NULL GROUP BY name ORDER BY min(oid)`,
    storeID,
  )
}

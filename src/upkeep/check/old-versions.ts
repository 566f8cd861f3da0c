import type { Connection } from '../../store-engine/database/connection.js'
import { quoteName } from '../../store-engine/database/sql-value.js'
import { findItemClass } from '../../store-engine/items/registry.js'
import { isRetired, upgradePath } from '../../store-engine/upgrades/upgrade.js'
import type { Fault } from './finding.js'
import type { Probe } from './probe.js'
import type { ItemTable } from './schema-on-disk.js'
import { someOf } from './wording.js'

/** Items of versions older than the code's: they wait for an upgrade, or for code that can do it. */
export function oldVersionProbes(tables: readonly ItemTable[]): readonly Probe[] {
  const old = tables.filter(isOld)
  const look = (connection: Connection) => faultsOf(old.filter(table => hasRows(connection, table)))
  return old.map(({ table }) => ({ look, condition: `EXISTS (SELECT 1 FROM ${quoteName(table)})` }))
}

function faultsOf(old: readonly ItemTable[]): Fault[] {
  const canUpgrade = ({ typeName, version }: ItemTable) =>
    upgradePath(typeName, version, currentVersion(typeName)).missing.length === 0
  const names = (tables: readonly ItemTable[]) =>
    someOf(tables.map(({ typeName, version }) => `${typeName} version ${version}`))
  const waiting = old.filter(canUpgrade)
  const stuck = old.filter(table => !canUpgrade(table))
  return [
    ...(waiting.length === 0
      ? []
      : [{ code: 'OLD_VERSIONS' as const, message: `items wait for an upgrade: ${names(waiting)}` }]),
    ...(stuck.length === 0
      ? []
      : [{ code: 'NO_UPGRADE_PATH' as const, message: `items that nothing here can upgrade: ${names(stuck)}` }]),
  ]
}

/** Also what exists to be deleted by its upgrade only, and has no current version. */
function isOld({ typeName, version }: ItemTable): boolean {
  return version < currentVersion(typeName) || isRetired(typeName, version)
}

function currentVersion(typeName: string): number {
  return findItemClass(typeName)?.itemType.version ?? 0
}

function hasRows(connection: Connection, { table }: ItemTable): boolean {
  return connection.prepare(`SELECT 1 FROM ${quoteName(table)} LIMIT 1`).get() !== undefined
}

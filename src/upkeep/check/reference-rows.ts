/**
 * References to items that are not there. Most are normal: an attribute with the rule `nullify` keeps the number of a
 * deleted item and reads as null. What rules an attribute has stands in the code of its type, so only types whose code
 * is loaded are looked at; and connectors, which exist to connect two things, in every store.
 */
import type { Connection } from '../../store-engine/database/connection.js'
import { quoteName } from '../../store-engine/database/sql-value.js'
import type { NamedAttribute } from '../../store-engine/items/item-type.js'
import { findItemClass } from '../../store-engine/items/registry.js'
import { DependencyConnector, PowerupConnector } from '../../store-engine/powerups/powerup.js'
import type { Fault, FindingCode } from './finding.js'
import type { Probe } from './probe.js'
import { existsIn, type ItemTable } from './schema-on-disk.js'
import { counted, someOf } from './wording.js'

/** Told by those who know accounts. */
const TOLD_ELSEWHERE = new Set(['login_method.account'])

export function referenceProbes(tables: readonly ItemTable[]): readonly Probe[] {
  return [...connectorKinds(tables).map(connectorProbe), ...brokenReferences(tables)]
}

export interface ConnectorKind {
  readonly code: FindingCode & ('POWERUP_TO_NOTHING' | 'DEPENDENCY_TO_NOTHING')
  readonly table: string
  /** SQL: this row connects nothing. */
  readonly isLoose: string
}

/** The kinds of connectors that the store has. */
export function connectorKinds(tables: readonly ItemTable[]): readonly ConnectorKind[] {
  const kinds = [
    { code: 'POWERUP_TO_NOTHING', itemClass: PowerupConnector, ends: ['item', 'powerup'] },
    { code: 'DEPENDENCY_TO_NOTHING', itemClass: DependencyConnector, ends: ['installee', 'target'] },
  ] as const
  return kinds.flatMap(({ code, itemClass: { itemType }, ends }) => {
    const found = tables.find(each => each.typeName === itemType.typeName && each.version === itemType.version)
    if (found === undefined || !ends.every(end => hasColumn(found, end))) return []
    return [{ code, table: found.table, isLoose: ends.map(end => isNothing(end, tables)).join(' OR ') }]
  })
}

function connectorProbe({ code, table, isLoose }: ConnectorKind): Probe {
  const from = `${quoteName(table)} AS t WHERE ${isLoose}`
  return {
    condition: `EXISTS (SELECT 1 FROM ${from})`,
    look(connection) {
      const ids = idsOf(connection, from)
      const what = code === 'POWERUP_TO_NOTHING' ? 'powerup connector' : 'dependency connector'
      const message = `${counted(ids.length, what)} to an item that is not there: ${someOf(ids)}`
      return [{ code, message, repair: 'remove them' }]
    },
  }
}

function brokenReferences(tables: readonly ItemTable[]): Probe[] {
  return tables.flatMap(table => {
    const itemType = findItemClass(table.typeName)?.itemType
    if (itemType === undefined || itemType.version !== table.version) return []
    return itemType.attributes.flatMap(named => {
      const { label, name, attribute } = named
      const { reference, allowNull } = attribute
      if (reference === undefined || TOLD_ELSEWHERE.has(label) || !hasColumn(table, name)) return []
      if (reference.whenDeleted === 'nullify' && allowNull) return []
      return [referenceProbe(table, named, tables)]
    })
  })
}

function referenceProbe({ table }: ItemTable, named: NamedAttribute, tables: readonly ItemTable[]): Probe {
  const { reference, allowNull } = named.attribute
  const column = `t.${quoteName(named.name)}`
  const broken = allowNull
    ? `${column} IS NOT NULL AND ${isNothing(named.name, tables)}`
    : isNothing(named.name, tables)
  const from = `${quoteName(table)} AS t WHERE ${broken}`
  const isCascade = reference?.whenDeleted === 'cascade'
  return {
    condition: `EXISTS (SELECT 1 FROM ${from})`,
    look: connection => [brokenFault(idsOf(connection, from), named.label, isCascade)],
  }
}

function brokenFault(ids: readonly unknown[], label: string, isCascade: boolean): Fault {
  const what = `${label} of ${counted(ids.length, 'item')} (${someOf(ids)}) refers to nothing`
  return isCascade
    ? { code: 'CASCADE_LEFT_BEHIND', message: `${what}: they should have been deleted with what they belonged to` }
    : { code: 'BROKEN_REFERENCE', message: `${what}, which it must not` }
}

/** SQL: the reference `t.<name>` is null or leads to no row; the store itself, −1, is something. */
function isNothing(name: string, tables: readonly ItemTable[]): string {
  const column = `t.${quoteName(name)}`
  return `(${column} IS NULL OR (${column} <> -1 AND NOT ${existsIn(tables, column)}))`
}

function hasColumn({ attributes }: ItemTable, name: string): boolean {
  return attributes.some(attribute => attribute.name === name)
}

/** Enough of them to be counted in a message without reading a store of millions. */
const MOST = 100_000

function idsOf(connection: Connection, from: string): readonly unknown[] {
  const rows = connection.prepare(`SELECT t.oid FROM ${from} ORDER BY t.oid LIMIT ${MOST}`).all()
  return rows.map(([storeID]) => storeID)
}

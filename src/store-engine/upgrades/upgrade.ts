/**
 * From old versions of item types to the current one.
 *
 * An upgrader says what the attributes of one older version become in the next, or in a later one. A chain of them
 * leads to the version of the class; the item keeps its storeID, the old row goes, all in one transaction. In between
 * there are no tables: only the last step is written. What else a step does (other items, powerups, a deletion) it
 * does in `after`, when the item is there.
 *
 * Unlike the original, a store upgrades the items of a type before the first question about that type, so no query
 * misses one. A type without upgraders stops only those who ask for it, not the opening of the store.
 *
 * This file is what authors of item types use; `upgrade-item.ts` upgrades one item, `upgrade-types.ts` all of a type
 * or of a store, `explicit-oids.ts` the format of the tables below them.
 */
import { InvalidInputError } from '../../base/errors.js'
import type { Item, ItemConstructor } from '../items/item.js'
import type { LegacyItem } from './legacy-item.js'

/** What one step does. `I` is the class of the type, for `after`. */
export interface Upgrader<I extends Item = Item> {
  readonly typeName: string
  readonly from: number
  /** Later than `from`, and not necessarily the next. */
  readonly to: number
  /**
   * The attributes of version `to`, or null when the item shall be deleted. Attributes that are left out get their
   * defaults. References may be given as storeIDs or legacy items, paths and integers as they are stored.
   */
  upgrade(legacy: LegacyItem): Record<string, unknown> | null
  /**
   * Runs when the item is there in its current version, in the same transaction; in a chain after all of its steps.
   * It may delete the item.
   */
  after?(item: I, legacy: LegacyItem): void
}

const upgraders = new Map<string, Upgrader>()
const retired = new Map<string, Set<number>>()

/** A second one for the same type and version takes the place of the first. @throws InvalidInputError. */
export function registerUpgrader<I extends Item = Item>(upgrader: Upgrader<I>): void {
  const { typeName, from, to } = upgrader
  if (!(to > from)) throw new InvalidInputError(`an upgrader of ${typeName} cannot lead from version ${from} to ${to}`)
  upgraders.set(`${typeName}/${from}`, upgrader as Upgrader)
}

/** A step that keeps all attributes; those that are new get their defaults. `postCopy` is the step's `after`. */
export function registerAttributeCopyingUpgrader<C extends ItemConstructor>(
  itemClass: C,
  from: number,
  to: number,
  postCopy?: (item: InstanceType<C>) => void,
): void {
  registerUpgrader<InstanceType<C>>({
    typeName: itemClass.itemType.typeName,
    from,
    to,
    upgrade: ({ values }) => ({ ...values }),
    ...(postCopy === undefined ? {} : { after: postCopy }),
  })
}

/**
 * A step that deletes. Where the type has no class any more, its items of version `from` are deleted when somebody
 * loads them or the store is upgraded, and no table is made for version `to`.
 */
export function registerDeletionUpgrader(typeName: string, from: number, to: number): void {
  registerUpgrader({ typeName, from, to, upgrade: () => null })
  const versions = retired.get(typeName) ?? new Set()
  retired.set(typeName, versions.add(from))
}

/** Whether items of that version exist only to be deleted. */
export function isRetired(typeName: string, version: number): boolean {
  return retired.get(typeName)?.has(version) === true
}

/** A step that nobody has registered. */
export interface MissingStep {
  readonly typeName: string
  readonly from: number
  readonly to: number
}

export interface UpgradePath {
  readonly steps: readonly Upgrader[]
  readonly missing: readonly MissingStep[]
}

/**
 * The steps from one version to another. Where one is missing, the path goes on with the version after it; below the
 * first version, where only damage or malice leads, with the first.
 */
export function upgradePath(typeName: string, from: number, to: number): UpgradePath {
  const steps: Upgrader[] = []
  const missing: MissingStep[] = []
  for (let version = from; version < to; ) {
    const step = upgraders.get(`${typeName}/${version}`)
    if (step !== undefined && step.to <= to) {
      steps.push(step)
      version = step.to
    } else {
      const next = Math.max(version + 1, 1)
      missing.push({ typeName, from: version, to: next })
      version = next
    }
  }
  return { steps, missing }
}

/**
 * Installing items: what an item needs is found or created first, then the item becomes a powerup.
 *
 * `installOn` writes, in the order of the original: the requirements (each with its own connectors), the item's
 * dependency connector, its powerup connectors; then it calls `installed()`. `uninstallFrom` takes the connectors away
 * and uninstalls requirements that nobody else needs and nobody asked for. Items themselves are never deleted.
 *
 * What an item depends on is the item that its attribute refers to, and not, as in the original, any of that class; so a
 * second instance of a class on which something depends can be installed, which the original refuses.
 */

import { DependencyError } from '../errors.js'
import { Item, type ItemConstructor } from '../items/item.js'
import type { NamedAttribute } from '../items/item-type.js'
import { findItemClass } from '../items/registry.js'
import { and } from '../queries/comparison.js'
import { Store } from '../store.js'
import { DependencyConnector } from './powerup.js'

type Target = Item | Store

/** @throws DependencyError when the item is installed there already; nothing is changed. */
export function installOn(item: Item, target: Target): void {
  storeOf(target).transact(() => install(item, target, true))
}

/** @throws DependencyError while something installed needs the item, or when it is not installed; nothing is changed. */
export function uninstallFrom(item: Item, target: Target): void {
  storeOf(target).transact(() => uninstall(item, target))
}

/** What the item is installed on, or undefined. */
export function installedOn(item: Item): Target | undefined {
  const connector = item.store.findFirst(DependencyConnector, DependencyConnector.installee.equals(item))
  return connector?.target ?? undefined
}

/** Items installed on the target that refer to this one as something they depend on. */
export function installedDependents(item: Item, target: Target): Item[] {
  return installees(target).filter(other => requirementsOf(other).includes(item))
}

/** Items installed on the target that this one depends on. */
export function installedRequirements(item: Item, target: Target): Item[] {
  const installed = installees(target)
  return requirementsOf(item).filter(each => installed.includes(each))
}

/** Those of `installedRequirements` that nothing else installed there depends on. */
export function installedUniqueRequirements(item: Item, target: Target): Item[] {
  return installedRequirements(item, target).filter(each =>
    installedDependents(each, target).every(dependent => dependent === item),
  )
}

function install(item: Item, target: Target, explicitly: boolean): void {
  if (connectorOf(item, target) !== undefined) throw new DependencyError(`item ${item.storeID} is installed already`)
  for (const dependency of dependenciesOf(item)) provide(item, dependency, target)
  item.store.create(DependencyConnector, { installee: item, target, explicitlyInstalled: explicitly })
  target.powerUp(item)
  item.installed(target)
}

function provide(item: Item, { name, attribute }: NamedAttribute, target: Target): void {
  const attributes = item as unknown as Record<string, Item | null>
  const required = attribute.reference?.target?.() as ItemConstructor | undefined
  if (required === undefined) return
  const present = attributes[name] ?? installees(target).find(each => each instanceof required)
  const requirement = present ?? item.store.create(required, {})
  if (present === undefined) attribute.reference?.customize?.(requirement)
  if (connectorOf(requirement, target) === undefined) install(requirement, target, false)
  attributes[name] = requirement
}

function uninstall(item: Item, target: Target): void {
  const connector = connectorOf(item, target)
  if (connector === undefined) throw new DependencyError(`item ${item.storeID} is not installed there`)
  const [dependent] = installedDependents(item, target)
  if (dependent !== undefined)
    throw new DependencyError(`item ${item.storeID} cannot be uninstalled: item ${dependent.storeID} depends on it`)
  const orphans = installedUniqueRequirements(item, target)
  target.powerDown(item)
  connector.deleteFromStore()
  for (const orphan of orphans)
    if (connectorOf(orphan, target)?.explicitlyInstalled === false) uninstall(orphan, target)
  item.uninstalled(target)
}

function connectorOf(item: Item, target: Target): DependencyConnector | undefined {
  const { installee, target: on } = DependencyConnector
  return item.store.findFirst(DependencyConnector, and(installee.equals(item), on.equals(target)))
}

function installees(target: Target): Item[] {
  const connectors = storeOf(target).query(DependencyConnector, { where: DependencyConnector.target.equals(target) })
  return [...connectors].flatMap(connector => {
    if (!isKnown(connector)) return []
    const { installee } = connector
    return installee instanceof Item ? [installee] : []
  })
}

/** Installees of types without code here are left alone. */
function isKnown(connector: DependencyConnector): boolean {
  const typeName = connector.store.typeNameOf(connector.store.storedReference(connector, 'installee'))
  return typeName !== undefined && findItemClass(typeName) !== undefined
}

function requirementsOf(item: Item): Item[] {
  const attributes = item as unknown as Record<string, unknown>
  return dependenciesOf(item).flatMap(({ name }) => {
    const value = attributes[name]
    return value instanceof Item ? [value] : []
  })
}

function dependenciesOf(item: Item): NamedAttribute[] {
  const { itemType } = item.constructor as ItemConstructor
  return Object.keys(itemType.declared)
    .map(name => itemType.named(name))
    .filter(({ attribute }) => attribute.reference?.dependency === true)
}

function storeOf(target: Target): Store {
  return target instanceof Store ? target : target.store
}

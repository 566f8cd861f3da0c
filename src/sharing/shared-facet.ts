/**
 * The shared facet: what somebody gets who was given some interfaces of an item, instead of the item.
 *
 * It is an object without a prototype that has the members of those interfaces and nothing else. Each is read from the
 * item when it is asked for; methods run on the item. Nothing can be set, added or taken away, so an item is changed
 * through a shared method or not at all. The item, its store and its class are not reachable from it: where a member
 * gives the item itself, the facet comes instead, and where it gives another item, a query or a store, alone or in a
 * list, that is an error of the interface's author ({@link FacetLeakError}). What an object of their own making holds
 * inside is not looked at.
 *
 * A frozen object was preferred to a Proxy: it can do nothing that is not written here, and costs less per request.
 */
import { Item, type ItemConstructor } from '../store-engine/items/item.js'
import { adapt, interfacesOfClass } from '../store-engine/powerups/adapt.js'
import type { Interface } from '../store-engine/powerups/interface.js'
import { RowQuery } from '../store-engine/queries/row-query.js'
import { Store } from '../store-engine/store.js'
import { FacetLeakError } from './share-errors.js'

export type Facet = Readonly<Record<string, unknown>>

/** Never shown, whatever an interface names: they lead to everything else. */
const NOBODYS = new Set(['store', 'constructor', 'prototype', '__proto__'])

/** The members of an interface that nobody may share. */
export function unshareableMembers({ members }: Interface): readonly string[] {
  return members.filter(member => NOBODYS.has(member))
}

/** What the item answers with for an interface: itself, a powerup or an adapter; undefined where it has no answer. */
export function answererOf(item: Item, face: Interface): object | undefined {
  const { itemType } = item.constructor as ItemConstructor
  const isOffered = itemType.powerupInterfaces.some(each => ('name' in each ? each : each[0]).name === face.name)
  if (isOffered || (face.members.length > 0 && face.members.every(member => member in item))) return item
  const answer: unknown = adapt(item, face)
  return typeof answer === 'object' && answer !== null ? answer : undefined
}

/** All interfaces of an item, which is what old stores mean by `*`. */
export function allInterfacesOf(item: Item): readonly Interface[] {
  return interfacesOfClass(item.constructor as ItemConstructor)
}

/** The members of the interfaces; of two that have one name, the first counts. */
export function makeFacet(item: Item, faces: readonly Interface[]): Facet {
  const facet: Facet = Object.create(null)
  for (const face of faces) {
    const answerer = answererOf(item, face)
    if (answerer === undefined) continue
    for (const member of face.members) {
      if (NOBODYS.has(member) || Object.hasOwn(facet, member)) continue
      Object.defineProperty(facet, member, { enumerable: true, get: () => read({ item, facet, answerer, member }) })
    }
  }
  return Object.freeze(facet)
}

interface Reading {
  readonly item: Item
  readonly facet: Facet
  readonly answerer: object
  readonly member: string
}

function read(reading: Reading): unknown {
  const value: unknown = Reflect.get(reading.answerer, reading.member)
  if (typeof value !== 'function') return safely(value, reading)
  return (...given: unknown[]) => safely(Reflect.apply(value, reading.answerer, given), reading)
}

function safely(value: unknown, reading: Reading): unknown {
  if (value === reading.item) return reading.facet
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Promise) return value.then(each => safely(each, reading))
  if (reaches(value) || (Array.isArray(value) && value.some(reaches))) throw new FacetLeakError(reading.member)
  return value
}

function reaches(value: unknown): boolean {
  return value instanceof Item || value instanceof Store || value instanceof RowQuery
}

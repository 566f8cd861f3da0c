import { expect, it } from 'vitest'
import { makeFacet } from '../../src/sharing/shared-facet.js'
import { Store } from '../../src/store-engine/store.js'
import { IKeeper, ILeaky, IReadable, ISibling, IWeighed, IWritable, Thing } from './shared-things.js'

function newThing(): Thing {
  return Store.inMemory().create(Thing, { title: 'Walden', weight: 2 })
}

it('has the members of the interfaces, as they are now, and nothing else', () => {
  const thing = newThing()
  const facet = makeFacet(thing, [IReadable, IWritable])
  expect(Object.keys(facet)).toEqual(['title', 'summary', 'rename'])
  expect(facet['title']).toBe('Walden')
  expect((facet['summary'] as (length: number) => string)(3)).toBe('Wal')
  ;(facet['rename'] as (title: string) => void)('Cape Cod')
  expect([thing.title, facet['title']]).toEqual(['Cape Cod', 'Cape Cod'])
  for (const name of ['secret', 'weight', 'store', 'storeID', 'constructor', 'prototype', '__proto__', 'toString'])
    expect(facet[name]).toBeUndefined()
})

it('cannot be written past its members', () => {
  const thing = newThing()
  const facet = makeFacet(thing, [IReadable]) as Record<string, unknown>
  const attempts = [
    () => (facet['title'] = 'other'),
    () => (facet['secret'] = 'other'),
    () => delete facet['title'],
    () => Object.defineProperty(facet, 'title', { value: 'other' }),
    () => Object.setPrototypeOf(facet, { secret: 'other' }),
  ]
  for (const attempt of attempts) expect(attempt).toThrow(TypeError)
  expect(thing.title).toBe('Walden')
})

it('lets nobody through to the item, its class or its store', () => {
  const facet = makeFacet(newThing(), [IReadable, IWritable, IKeeper])
  const reachable = [facet, Object.getPrototypeOf(facet), ...Reflect.ownKeys(facet).map(key => Reflect.get(facet, key))]
  expect(reachable.some(each => each instanceof Thing || each instanceof Store)).toBe(false)
  expect(Object.getPrototypeOf(facet)).toBeNull()
  expect(Reflect.ownKeys(facet)).not.toContain('store')
  expect(Object.getOwnPropertyDescriptor(facet, 'title')?.get?.call(undefined)).toBe('Walden')
})

it('is given in place of the item itself; another item, a list of them or a query is not given at all', async () => {
  const thing = newThing()
  thing.friend = thing.store.create(Thing, { title: 'Emerson' })
  const facet = makeFacet(thing, [ILeaky]) as Record<string, () => unknown>
  expect(facet['itself']?.()).toBe(facet)
  expect(await facet['promised']?.()).toBe(facet)
  for (const read of [() => facet['friend'], () => facet['friends']?.(), () => facet['all']?.()])
    expect(read).toThrow(expect.objectContaining({ code: 'FACET_LEAK' }))
})

it('an adapter is `this` to its own members, and of two members of one name the first counts', () => {
  const facet = makeFacet(newThing(), [IWeighed, IReadable, ISibling])
  expect((facet['describe'] as () => string)()).toBe('2000 g')
  expect(Object.keys(facet)).toEqual(['grams', 'describe', 'title', 'summary', 'weight'])
  expect(JSON.stringify(facet)).toBe('{"grams":2000,"title":"Walden","weight":2}')
})

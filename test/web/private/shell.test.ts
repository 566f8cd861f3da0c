import { describe, expect, it } from 'vitest'
import { html } from '../../../src/base/html.js'
import { INavigableElement } from '../../../src/offerings/site-items/interfaces.js'
import { PrivateApplication } from '../../../src/offerings/site-items/private-application.js'
import { SearchAggregator } from '../../../src/offerings/site-items/private-pages.js'
import { registerPrivatePage } from '../../../src/sharing/pages/private-page.js'
import { text } from '../../../src/store-engine/attributes/attributes.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { defineInterface } from '../../../src/store-engine/powerups/interface.js'
import { Store } from '../../../src/store-engine/store.js'
import { findPage, privateKeyOf, tabsOf } from '../../../src/web/private/shell.js'

const attributes = { name: text() }
const IThing = defineInterface('tests.IThing')

class Apples extends item({ typeName: 'shell_apples', version: 1, module: 'axiom.item', attributes }) {}
class Pears extends item({ typeName: 'shell_pears', version: 1, module: 'axiom.item', attributes }) {}
class Seed extends item({ typeName: 'shell_seed', version: 1, module: 'axiom.item', attributes }) {}
class OldPlums extends item({ typeName: 'shell_plums', version: 1, module: 'axiom.item', attributes }) {}
class Plums extends item({ typeName: 'shell_plums', version: 2, module: 'axiom.item', attributes }) {}
registerItemTypes(Apples, Pears, Seed, Plums)
const shown = () => ({ title: '', body: html`` })
registerPrivatePage(Apples, { tab: 'Apples', html: shown })
registerPrivatePage(Pears, { tab: 'Pears', html: shown })
registerPrivatePage(Plums, { tab: 'Plums', html: shown })
registerPrivatePage(Seed, { html: shown })

describe('what the owner of a store finds', () => {
  it('has the tabs of powerups, by their words, and those first that the original would have put first', () => {
    using store = Store.inMemory()
    const [pears, apples] = [store.create(Pears, {}), store.create(Apples, {})]
    store.create(Apples, {})
    expect(tabsOf(store)).toEqual([])
    for (const each of [pears, apples]) store.powerUp(each, IThing)
    const words = () => tabsOf(store).map(tab => tab.words)
    expect(words()).toEqual(['Apples', 'Pears'])
    store.powerUp(pears, INavigableElement, 5)
    expect(words()).toEqual(['Pears', 'Apples'])
    expect(tabsOf(store)[1]?.item).toBe(apples)
    store.powerDown(apples, IThing)
    expect(words()).toEqual(['Pears'])
  })

  it('loses one tab only where the items behind it cannot be read here', () => {
    using old = Store.inMemory()
    const [plums, apples] = [old.create(OldPlums, {}), old.create(Apples, {})]
    for (const each of [plums, apples]) old.powerUp(each, IThing)
    using store = Store.fromImage(old.serialize({ wal: false }))
    expect(tabsOf(store).map(tab => tab.words)).toEqual(['Apples'])
  })

  it('has a page for powerups while they are such, for other items always, and none for the rest', () => {
    using store = Store.inMemory()
    const [apples, seed] = [store.create(Apples, {}), store.create(Seed, {})]
    expect(findPage(store, apples.storeID)).toBeUndefined()
    store.powerUp(apples, IThing)
    expect([findPage(store, apples.storeID)?.item, findPage(store, seed.storeID)?.item]).toEqual([apples, seed])
    const search = store.create(SearchAggregator, {})
    store.powerUp(search)
    for (const storeID of [search.storeID, 999]) expect(findPage(store, storeID)).toBeUndefined()
    seed.deleteFromStore()
    expect(findPage(store, seed.storeID)).toBeUndefined()
  })

  it('has the key of its private application, the oldest of several, and a new one where there is none', () => {
    using store = Store.inMemory()
    store.create(PrivateApplication, { privateKey: 42n })
    store.create(PrivateApplication, { privateKey: 43n })
    expect(privateKeyOf(store)).toBe(42n)
    using bare = Store.inMemory()
    bare.create(PrivateApplication, { privateKey: null })
    const key = privateKeyOf(bare)
    expect([key >= 0n && key < 1n << 63n, privateKeyOf(bare) === key]).toEqual([true, true])
    expect(bare.findUnique(PrivateApplication).privateKey).toBe(key)
  })
})

import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Site } from '../../src/site/site.js'
import { registeredItemTypes } from '../../src/store-engine/items/registry.js'
import '../../src/upkeep/own-item-types.js'
import { type UpgradedStore, upgradeSite } from '../../src/upkeep/upgrade-site.js'
import { cloneHistoric, HISTORIC, hasHistoricFixtures, withoutHistoric } from '../support/historic-fixtures.js'
import { differences, rawRowsBelow } from '../support/raw-rows.js'
import { HISTORIC_CHANGES } from './historic-changes.js'

const names = hasHistoricFixtures ? readdirSync(HISTORIC).map(name => name.replace('.axiom.tar.gz', '')) : []

async function upgrade(directory: string): Promise<UpgradedStore[]> {
  using site = Site.open(directory)
  const stores: UpgradedStore[] = []
  for await (const store of upgradeSite(site, { plan: false, itemsPerTransaction: 100 })) stores.push(store)
  return stores
}

/** Whether a difference is one of a table that the toolkit has code for. */
function isOurs(line: string): boolean {
  const own = registeredItemTypes().map(({ itemType }) => itemType.typeName)
  const retired = ['axiom_substore_substorestartupservice', 'axiom_batch_batchmanholepowerup']
  return [...own, ...retired].some(name => line.includes(` item_${name}_v`)) || / axiom_objects /.test(line)
}

describe.skipIf(!hasHistoricFixtures)(`historic stores${withoutHistoric}`, () => {
  it.each(names)('%s: everything is upgraded that this toolkit knows, and nothing else changes', async name => {
    const directory = cloneHistoric(name)
    const before = rawRowsBelow(directory)
    for (const { status, error } of await upgrade(directory)) expect([status, error]).toEqual(['done', null])
    const after = rawRowsBelow(directory)
    const changes = differences(before, after)
    expect(changes.filter(line => !isOurs(line))).toEqual([])
    // A store that was added to the folder has no list yet.
    expect(changes).toEqual(HISTORIC_CHANGES[name] ?? changes)
    for (const { status } of await upgrade(directory)) expect(status).toBe('already')
    expect(differences(after, rawRowsBelow(directory))).toEqual([])
  })
})

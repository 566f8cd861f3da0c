/**
 * Schedulers used to be items, of the site's store and of each user's. Events do without them; the items are kept,
 * empty, since others may refer to them, and answer for nothing any more.
 */
import { integer } from '../store-engine/attributes/attributes.js'
import { type Item, item } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import { defineInterface } from '../store-engine/powerups/interface.js'
import { registerUpgrader } from '../store-engine/upgrades/upgrade.js'
import { IScheduler } from './scheduler.js'

const dummyDoc = 'Unused; a type of the original has at least one attribute.'

/** What is left of the scheduler of a site's store. */
export class SchedulerShell extends item({
  typeName: 'axiom_scheduler',
  version: 2,
  module: 'axiom.scheduler',
  attributes: { dummy: integer({ doc: dummyDoc }) },
}) {}

/** What is left of the scheduler of a user's store. */
export class SubSchedulerShell extends item({
  typeName: 'axiom_subscheduler',
  version: 2,
  module: 'axiom.scheduler',
  attributes: { dummy: integer({ doc: dummyDoc }) },
}) {}

registerItemTypes(SchedulerShell, SubSchedulerShell)

/** What the old ones were powerups for. */
const FACES = [defineInterface('twisted.application.service.IService'), IScheduler]

function powerDown(shell: Item): void {
  for (const face of FACES) shell.store.powerups.withdraw(shell, face)
}

registerUpgrader({ typeName: 'axiom_scheduler', from: 1, to: 2, upgrade: () => ({}), after: powerDown })
registerUpgrader({ typeName: 'axiom_subscheduler', from: 1, to: 2, upgrade: () => ({}), after: powerDown })

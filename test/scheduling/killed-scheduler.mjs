// Schedules or runs events in a site with one user store, as the built program does it, and prints what is there then.
// Plain Node, so that it can be killed at any step (test/support/die-at.mjs). Arguments: the deed and the site.
import { earliestEvent, scheduledTick } from '../../dist/scheduling/parent-hook.js'
import { reschedule, schedule, unscheduleAll } from '../../dist/scheduling/scheduler.js'
import { SiteScheduler } from '../../dist/scheduling/site-scheduler.js'
import { SubSchedulerParentHook, TimedEvent, TimedEventFailureLog } from '../../dist/scheduling/timed-event.js'
import { createSiteStore, Site } from '../../dist/site/site.js'
import { integer, text } from '../../dist/store-engine/attributes/attributes.js'
import { Timestamp } from '../../dist/store-engine/attributes/timestamp.js'
import { item } from '../../dist/store-engine/items/item.js'
import { registerItemTypes } from '../../dist/store-engine/items/registry.js'
import { SubStore } from '../../dist/store-engine/sub-store.js'

class Job extends item({
  typeName: 'killed_job',
  version: 1,
  module: 'axiom.item',
  attributes: { name: text(), ran: integer({ default: 0 }) },
}) {
  run() {
    this.ran += 1
    if (this.name === 'failing') throw new Error('out of luck')
    return this.name === 'twice' && this.ran === 1 ? at(30) : null
  }
}
registerItemTypes(Job)

const at = microseconds => Timestamp.fromMicroseconds(BigInt(microseconds))

const [deed, directory] = process.argv.slice(2)
if (deed === 'prepare') prepare()
else work()

function prepare() {
  const site = createSiteStore(directory)
  SubStore.createNew(site.store, ['account', 'b', 'a.axiom']).use(store => {
    for (const name of ['once', 'twice', 'failing', 'new']) store.create(Job, { name })
    for (const name of ['once', 'twice', 'failing']) schedule(find(store, name), at(10))
  })
  schedule(site.store.create(Job, { name: 'of the site' }), at(15))
  site.close()
}

function work() {
  const site = Site.open(directory)
  const user = site.store.findUnique(SubStore)
  if (deed === 'schedule') user.use(store => void schedule(find(store, 'new'), at(5)))
  if (deed === 'hurry') user.use(store => reschedule(find(store, 'once'), at(10), at(5)))
  if (deed === 'delay') user.use(store => reschedule(find(store, 'once'), at(10), at(60)))
  if (deed === 'unschedule') user.use(store => unscheduleAll(find(store, 'once')))
  if (deed === 'tick') tick(site)
  process.stdout.write(JSON.stringify(user.use(store => stateOf(site, user, store))))
  site.close()
}

function tick(site) {
  const scheduler = new SiteScheduler(site, {
    onTrouble: error => {
      throw error
    },
  })
  while (scheduler.tick(at(50)) > 0);
}

function stateOf(site, user, store) {
  const jobs = [...store.query(Job), ...site.store.query(Job)]
  return {
    ran: Object.fromEntries(jobs.map(({ name, ran }) => [name, ran])),
    earliest: numberOf(earliestEvent(store)),
    hook: numberOf(scheduledTick(site.store, user)),
    hooks: site.store.query(SubSchedulerParentHook).count(),
    events: site.store.query(TimedEvent).count() + store.query(TimedEvent).count(),
    failures: store.query(TimedEventFailureLog).count() + site.store.query(TimedEventFailureLog).count(),
  }
}

function numberOf(time) {
  return time === null ? null : Number(time.microseconds)
}

function find(store, name) {
  return store.findUnique(Job, Job.name.equals(name))
}

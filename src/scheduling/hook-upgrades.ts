/**
 * Hooks of older versions named their user store `loginAccount`, remembered when they were to run (versions 1 and 2),
 * and depended on a scheduler item (versions 2 and 3), which made them installed.
 *
 * The site's event for an old hook may be missing or late, so a hook that is upgraded is set to the earliest event that
 * its user store holds now.
 */
import { MantissaError } from '../base/errors.js'
import { Timestamp } from '../store-engine/attributes/timestamp.js'
import { DependencyConnector } from '../store-engine/powerups/powerup.js'
import type { Store } from '../store-engine/store.js'
import type { LegacyItem } from '../store-engine/upgrades/legacy-item.js'
import { registerUpgrader, type Upgrader } from '../store-engine/upgrades/upgrade.js'
import { type SubSchedulerParentHook, TimedEvent } from './timed-event.js'

registerUpgrader(upgraderFrom(1))
registerUpgrader(upgraderFrom(2))
registerUpgrader(upgraderFrom(3))

function upgraderFrom(from: number): Upgrader<SubSchedulerParentHook> {
  return {
    typeName: 'axiom_subscheduler_parent_hook',
    from,
    to: 4,
    upgrade: ({ values }) => ({ subStore: values['loginAccount'] }),
    after: scheduleAnew,
  }
}

function scheduleAnew(hook: SubSchedulerParentHook, legacy: LegacyItem): void {
  const { store, subStore } = hook
  store.query(DependencyConnector, { where: DependencyConnector.installee.equals(hook) }).deleteFromStore()
  if (subStore === null) return
  const when = earliestBelow(hook) ?? legacy.values['scheduledAt']
  if (!(when instanceof Timestamp)) return
  const [event, ...superfluous] = store.query(TimedEvent, { where: TimedEvent.runnable.equals(hook) }).toArray()
  for (const other of superfluous) other.deleteFromStore()
  if (event === undefined) store.create(TimedEvent, { runnable: hook, time: when })
  else event.time = when
}

/** Undefined where the user store has no event, or cannot be looked into: the hook's own knowledge must do then. */
function earliestBelow({ subStore }: SubSchedulerParentHook): Timestamp | undefined {
  try {
    return subStore?.use(earliestIn, { readonly: true, tolerateNewer: true })
  } catch (error) {
    if (error instanceof MantissaError) return undefined
    throw error
  }
}

function earliestIn(userStore: Store): Timestamp | undefined {
  const first = userStore.findFirst(TimedEvent, TimedEvent.time.notEquals(null), { sort: TimedEvent.time.ascending })
  return first?.time ?? undefined
}

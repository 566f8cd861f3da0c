import type { ServiceLog } from '../offerings/services.js'
import type { EventReport } from '../scheduling/event-report.js'
import type { SiteSchedulerOptions } from '../scheduling/site-scheduler.js'
import type { NodeMeasures } from './measures.js'
import type { PatienceListener } from './patience.js'
import type { RunningNode } from './running-node.js'

/** Seconds: from what costs nothing to what somebody notices. */
const SHORT = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** Has a node counted; what is returned counts its transactions. */
export function measureNode(node: RunningNode): PatienceListener {
  const { measures, stores } = node
  measures.gauge('mantissa_open_stores', 'User stores that are open', () => stores.count)
  measures.gauge('mantissa_store_opens', 'User stores opened since the start', () => stores.statistics.opens)
  measures.gauge('mantissa_store_uses', 'Uses of user stores since the start', () => stores.statistics.uses)
  measures.gauge('mantissa_ready', '1 when everything was started', () => (node.state().ready ? 1 : 0))
  for (const condition of ['running', 'failed', 'without-code'] as const) {
    const name = `mantissa_services_${condition.replace('-', '_')}`
    measures.gauge(name, `Services that are ${condition}`, () => countOf(node, condition))
  }
  const worked = measures.histogram('mantissa_deed_seconds', 'Time in stores for one deed', [], SHORT)
  const waited = measures.histogram('mantissa_busy_wait_seconds', 'Time a deed waited for busy stores', [], SHORT)
  return { worked: seconds => worked.observe(seconds), waited: seconds => waited.observe(seconds) }
}

function countOf(node: RunningNode, condition: string): number {
  return node.state().services.filter(each => each.condition === condition).length
}

/** Has a scheduler counted, and its failures told in the log. */
export function schedulerReporter(log: ServiceLog, measures: NodeMeasures): SiteSchedulerOptions {
  const told = log.child({ service: 'scheduler' })
  const events = measures.counter('mantissa_scheduled_events_total', 'Events that were tried', ['outcome'])
  const troubles = measures.counter('mantissa_scheduler_troubles_total', 'Times the scheduler could not work')
  return {
    report: event => {
      events.add({ outcome: event.outcome })
      if (isTold(event)) told.warn(factsOf(event), 'a scheduled event did not end well')
    },
    onTrouble: error => {
      troubles.add()
      told.error({ err: error }, 'the scheduler could not work; it tries again')
    },
  }
}

function isTold({ outcome }: EventReport): boolean {
  return outcome === 'failed' || outcome === 'left' || outcome === 'retried'
}

function factsOf({ store, event, type, runnable, outcome, error }: EventReport) {
  const reason = error === null ? null : error instanceof Error ? error.message : String(error)
  return { store, event, type, runnable, outcome, reason }
}

import { type Html, html } from '../../../base/html.js'
import { type ListedEvent, type ListedFailure, listEvents, listFailures } from '../../../scheduling/list-events.js'
import type { Store } from '../../../store-engine/store.js'
import { type TableColumn, tableOf, timeOf } from '../table.js'

/** How many of each are shown; a store may have any number. */
const MOST = 50
/** Letters of a traceback; its end says most. */
const LONGEST = 4000

const EVENTS: readonly TableColumn<ListedEvent>[] = [
  { heading: 'When', cell: ({ time }) => (time === null ? 'never' : timeOf(time.toIso())) },
  {
    heading: 'What',
    cell: ({ type, runnable, hookOf }) => hookOf ?? `${type ?? 'something that is gone'} ${runnable ?? ''}`,
  },
]

const FAILURES: readonly TableColumn<ListedFailure>[] = [
  { heading: 'Ran', cell: ({ actual }) => (actual === null ? 'nobody knows when' : timeOf(actual.toIso())) },
  { heading: 'What', cell: ({ type, runnable }) => `${type ?? 'something that is gone'} ${runnable ?? ''}` },
  { heading: 'Why', cell: ({ traceback }) => reasonOf(traceback ?? '') },
]

/** What a store has scheduled, the earliest first. */
export function eventTable(store: Store): Html {
  const rows = firstOf(listEvents(store))
  return html`${tableOf({ caption: 'Scheduled events', columns: EVENTS, rows, empty: 'Nothing is scheduled.' })}${more(rows)}`
}

/** What has failed in a store, the oldest first; below it `clear`, where there is anything to clear. */
export function failureTable(store: Store, clear: Html): Html {
  const rows = firstOf(listFailures(store))
  const table = tableOf({ caption: 'Failures', columns: FAILURES, rows, empty: 'Nothing has failed.' })
  return html`${table}${more(rows)}${rows.length === 0 ? null : clear}`
}

function more(rows: readonly unknown[]): Html | null {
  return rows.length < MOST ? null : html`<p class="quiet">There may be more than these ${MOST}.</p>`
}

function firstOf<T>(rows: Iterable<T>): readonly T[] {
  const first: T[] = []
  for (const row of rows) {
    first.push(row)
    if (first.length === MOST) break
  }
  return first
}

/** Of a traceback the last line, which names the error; the rest can be unfolded. */
function reasonOf(traceback: string): Html {
  const text = traceback.trimEnd().slice(-LONGEST)
  const [summary = ''] = text.split('\n').slice(text.startsWith('Traceback') ? -1 : 0)
  return text === summary
    ? html`${summary}`
    : html`<details><summary>${summary.slice(0, 200)}</summary><pre>${text}</pre></details>`
}

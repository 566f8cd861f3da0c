import { headlineOf } from '../../../scheduling/traceback.js'
import type { Timestamp } from '../../../store-engine/attributes/timestamp.js'
import type { SiteEvent, SiteFailure } from '../../../upkeep/site-events.js'
import type { Column, View } from '../../view.js'

/** A timed event as `events list` shows it, or what is left of one that has failed. */
export type EventRow = SiteEvent | SiteFailure

/**
 * The columns of events and of failures are the same in JSON, and differ in what a table has room for.
 *
 * @param now - what is due.
 */
export function eventViews(now: Timestamp): { readonly events: View<EventRow>; readonly failures: View<EventRow> } {
  const columns = {
    address: { title: 'store', value: ({ address }) => address, text: placeText },
    store: { title: 'store', value: ({ path }) => path, jsonOnly: true },
    id: { title: 'id', value: ({ id }) => id, align: 'right' },
    type: { title: 'type', value: ({ type }) => type, text: ({ type }) => type ?? '(gone)' },
    runnable: { title: 'item', value: ({ runnable }) => runnable, align: 'right' },
    when: { title: 'when', value: ({ time }) => time?.toIso() ?? null },
    state: { title: 'state', value: row => stateOf(row, now), text: row => stateText(row, now) },
    hookOf: { title: 'hook of', value: row => ('hookOf' in row ? row.hookOf : null), jsonOnly: true },
    actual: { title: 'ran', value: row => failureOf(row)?.actual?.toIso() ?? null },
    error: { title: 'error', value: row => headlineOf(failureOf(row)?.traceback ?? '') },
    traceback: { title: 'traceback', value: row => failureOf(row)?.traceback ?? null, jsonOnly: true },
  } as const satisfies View<EventRow>
  const hidden = (column: Column<EventRow>): Column<EventRow> => ({ ...column, jsonOnly: true })
  return {
    events: { ...columns, actual: hidden(columns.actual), error: hidden(columns.error) },
    failures: { ...columns, state: hidden(columns.state) },
  }
}

function failureOf(row: EventRow): SiteFailure | undefined {
  return 'traceback' in row ? row : undefined
}

/** `never` is an event without a time. */
function stateOf(row: EventRow, now: Timestamp): 'failed' | 'never' | 'due' | 'scheduled' {
  if (failureOf(row) !== undefined) return 'failed'
  if (row.time === null) return 'never'
  return row.time.compare(now) <= 0 ? 'due' : 'scheduled'
}

function stateText(row: EventRow, now: Timestamp): string {
  const hookOf = 'hookOf' in row ? row.hookOf : null
  return hookOf === null ? stateOf(row, now) : `${stateOf(row, now)}, hook of ${hookOf}`
}

function placeText({ address, path }: EventRow): string {
  return address ?? path ?? '(site)'
}

import { formatDuration, formatSize } from '../../../base/duration-size.js'
import { type Html, type HtmlValue, html } from '../../../base/html.js'
import { residentMemory } from '../../../base/this-process.js'
import type { NodeState, ServiceState } from '../../../offerings/node-state.js'
import { type TableColumn, tableOf, timeOf } from '../table.js'

/** What the node says of itself, and of everything that runs on it. */
export function nodeFacts(state: NodeState): Html {
  const facts: readonly (readonly [string, HtmlValue])[] = [
    ['Version', state.version],
    [
      'Runs since',
      html`${timeOf(state.since)} UTC, for ${formatDuration(Math.max(0, Date.now() - Date.parse(state.since)))}`,
    ],
    ['Ready', state.ready ? 'yes' : 'not yet, or stopping'],
    ['Memory', formatSize(residentMemory())],
    ['Open user stores', state.openStores],
  ]
  return html`<h2>The node</h2>
<dl class="card facts">${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>
<h2>What runs</h2>${serviceTable(state.services)}`
}

const SERVICES: readonly TableColumn<ServiceState>[] = [
  { heading: 'Service', cell: ({ name }) => name },
  { heading: 'State', cell: ({ condition }) => condition },
  { heading: 'Listens at', cell: ({ address }) => address ?? '' },
  {
    heading: 'Failure',
    cell: ({ failure }) => failure && html`${failure.message} (${failure.code})<br>${failure.hint}`,
  },
]

export function serviceTable(services: readonly ServiceState[]): Html {
  return tableOf({ caption: 'Services', columns: SERVICES, rows: services, empty: 'Nothing runs.' })
}

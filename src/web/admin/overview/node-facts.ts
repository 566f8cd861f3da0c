import { formatSize } from '../../../base/duration-size.js'
import { type Html, html } from '../../../base/html.js'
import { residentMemory } from '../../../base/this-process.js'
import type { ServiceHost } from '../../../offerings/services.js'

/** What the node says of itself. */
export function nodeFacts(_host: ServiceHost): Html {
  const facts = [['Memory', formatSize(residentMemory())]]
  return html`<h2>The node</h2><dl class="card">${facts.map(([term, fact]) => html`<dt class="quiet">${term}</dt><dd>${fact}</dd>`)}</dl>`
}

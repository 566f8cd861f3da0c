import { type Html, html } from '../../base/html.js'
import type { Timestamp } from '../../store-engine/attributes/timestamp.js'

/** A moment as people read it, to the minute in UTC; programs find all of it in the attribute. */
export function shownMoment(when: Timestamp): Html {
  const iso = when.toIso()
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`
}

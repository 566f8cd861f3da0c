import { type Html, html, type Timestamp } from '../../../index.js'

/** A moment as people read it, to the minute; programs find all of it in the attribute. */
export function moment(when: Timestamp): Html {
  const iso = when.toIso()
  return html`<time datetime="${iso}">${iso.replace('T', ' ').replace(/:\d\d\.\d+Z$/, '')} UTC</time>`
}

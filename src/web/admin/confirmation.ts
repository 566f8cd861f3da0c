import { html } from '../../base/html.js'
import { button, fieldOf, hidden } from './form-parts.js'
import type { AdminPage, Visit } from './visit.js'

export interface Question {
  readonly title: string
  /** What will happen, in sentences. */
  readonly sentence: string
  /** What the button says. */
  readonly yes: string
  /** Where one goes who thinks better of it. */
  readonly back: string
  /** A name that has to be typed, where there is no way back. */
  readonly typed?: string
  /** The fields of the form that are to be sent again. */
  readonly kept?: readonly string[]
}

/**
 * Asks on a page of its own whether an act is meant; undefined where the form says that it was asked. The same form is
 * posted again to the same path.
 */
export function confirmation(visit: Visit, question: Question): AdminPage | undefined {
  const { fields, path } = visit
  const { title, sentence, yes, back, typed, kept = [] } = question
  const isAsked = fields.text('sure') === 'yes'
  if (isAsked && (typed === undefined || fields.text('typed').trim() === typed)) return undefined
  const error = isAsked ? `This is not ${typed}.` : undefined
  const body = html`<p class="alert">${sentence}</p>
${visit.form(
  path,
  html`${kept.map(name => hidden(name, fields.text(name)))}${hidden('sure', 'yes')}
${typed === undefined ? null : fieldOf({ name: 'typed', label: `Type ${typed} to confirm`, isRequired: true, error })}
<div class="row">${button(yes, 'danger')}<a href="${back}">Leave it as it is</a></div>`,
)}`
  return { title, body, status: error === undefined ? 200 : 400 }
}

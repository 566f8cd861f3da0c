import { type Html, type HtmlValue, html } from '../../base/html.js'

export interface Field {
  readonly name: string
  readonly label: string
  readonly value?: string
  readonly type?: 'text' | 'password' | 'search' | 'number'
  readonly hint?: HtmlValue
  /** What is wrong with the value, in a sentence. */
  readonly error?: string | undefined
  readonly isRequired?: boolean
  readonly autocomplete?: string
}

/** An input with its label, and with what is wrong beside it. A password is never put back into a page. */
export function fieldOf(field: Field): Html {
  const { name, label, type = 'text', hint, error } = field
  const described = [hint === undefined ? '' : `${name}-hint`, error === undefined ? '' : `${name}-error`]
    .join(' ')
    .trim()
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${type === 'password' ? '' : (field.value ?? '')}" autocomplete="${field.autocomplete ?? 'off'}" aria-describedby="${described}" aria-invalid="${error === undefined ? 'false' : 'true'}"${field.isRequired ? html` required` : null}>
${hint === undefined ? null : html`<p class="hint" id="${name}-hint">${hint}</p>`}
${error === undefined ? null : html`<p class="error" id="${name}-error">${error}</p>`}</div>`
}

export interface Choice {
  readonly value: string
  readonly label: string
}

/** A list of which one is chosen. */
export function selectOf(name: string, label: string, choices: readonly Choice[], chosen = ''): Html {
  const options = choices.map(({ value, label: text }) =>
    value === chosen
      ? html`<option value="${value}" selected>${text}</option>`
      : html`<option value="${value}">${text}</option>`,
  )
  return html`<div class="field"><label for="${name}">${label}</label><select id="${name}" name="${name}">${options}</select></div>`
}

/** A search box that asks by GET, so that what is found has an address. */
export function searchForm(path: string, label: string, value: string): Html {
  return html`<form method="get" action="${path}" role="search"><div class="field"><label for="q">${label}</label>
<div class="row"><input id="q" name="q" type="search" value="${value}" maxlength="254"><button type="submit">Search</button></div></div></form>`
}

/** A button that looks as dangerous as it is. */
export function button(text: string, kind: 'second' | 'danger' | '' = ''): Html {
  return html`<button type="submit" class="${kind}">${text}</button>`
}

export function hidden(name: string, value: string): Html {
  return html`<input type="hidden" name="${name}" value="${value}">`
}

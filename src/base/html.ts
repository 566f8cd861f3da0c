/**
 * HTML that is safe by construction: text becomes markup only through the tag {@link html}, which escapes every value
 * that is not HTML already, in content and in quoted attributes alike.
 *
 * What it cannot know is what a browser does with a value: no value belongs into a script, a style or an unquoted
 * attribute, and an address that a stranger may choose goes through {@link safeUrl}.
 */

/** A value inside a template; lists are put one after the other, null, undefined and false are nothing. */
export type HtmlValue = Html | string | number | bigint | boolean | null | undefined | readonly HtmlValue[]

/** Markup. It can only be made by {@link html}. */
export class Html {
  readonly #text: string

  private constructor(text: string) {
    this.#text = text
  }

  /** The template is the author's own text; only what stands in its holes is escaped. */
  static template(strings: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    let text = strings[0] ?? ''
    for (let index = 0; index < values.length; index += 1) text += textOf(values[index]) + (strings[index + 1] ?? '')
    return new Html(text)
  }

  toString(): string {
    return this.#text
  }
}

/** `` html`<b title="${title}">${name}</b>` ``; attributes with values from elsewhere must be quoted. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.template(strings, values)
}

/** `url`, or `#` where following it would run a script: what is not http, https, mailto or a path of this site. */
export function safeUrl(url: string): string {
  // Browsers drop tabs and line ends from addresses, and take a backslash for a slash.
  const isPlain = !/[\p{Cc}\\]/u.test(url)
  return isPlain && (/^(?:https?:|mailto:)/i.test(url) || /^(?:[/?#](?!\/)|$)/.test(url)) ? url : '#'
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function textOf(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'string') return escaped(value)
  if (Array.isArray(value)) return value.map(textOf).join('')
  return escaped(String(value))
}

function escaped(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, character => ESCAPES[character] ?? '') : text
}

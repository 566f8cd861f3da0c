/**
 * The form in which a note is written and changed, and what is read from it.
 *
 * Whatever people type is kept, but for what would show as something else: line ends become `\n`, and characters that
 * no screen shows and no text needs are left out.
 */
import { type FormFields, type Html, html, InvalidInputError, type PrivateRequest } from '../../../index.js'
import type { Notebook } from '../notebook.js'

export interface TypedNote {
  /** Name of a notebook that there is, or of a new one; `''` for none in particular. */
  readonly notebook: string
  readonly title: string
  readonly body: string
  readonly tags: readonly string[]
}

const LONGEST_TITLE = 200
/** A page of a list reads fifty of them. */
const LONGEST_TEXT = 100_000
/** Names of notebooks, and tags. */
const LONGEST_NAME = 80
const MOST_TAGS = 30

const UNSEEN = /[\p{Cc}\p{Cs}]/gu
const UNSEEN_IN_TEXT = /(?![\n\t])[\p{Cc}\p{Cs}]/gu

/** A note without a title gets the first line of its text. @throws InvalidInputError for what cannot be kept. */
export function readNote(fields: FormFields): TypedNote {
  const body = fields.text('body').replace(/\r\n?/g, '\n').replace(UNSEEN_IN_TEXT, '')
  const title = line(fields.text('title')) || line(body.trimStart().split('\n')[0] ?? '').slice(0, LONGEST_TITLE)
  if (title === '') throw new InvalidInputError('a note needs a title or a text', { hint: 'write one' })
  return {
    notebook: readName(fields.text('notebook'), 'the name of a notebook'),
    title: within(title, LONGEST_TITLE, 'the title'),
    body: within(body, LONGEST_TEXT, 'the text'),
    tags: readTags(fields.text('tags')),
  }
}

/** A name on one line, `''` for none. @throws InvalidInputError when it is too long. */
export function readName(typed: string, what: string): string {
  return within(line(typed), LONGEST_NAME, what)
}

/** The fields of a note, with what was refused just now or else with `note`. */
export function noteFields(
  note: TypedNote,
  options: { readonly notebooks: readonly Notebook[]; readonly button: string; readonly request: PrivateRequest },
): Html {
  const typed = options.request.refused?.fields
  const value = (name: keyof TypedNote, otherwise: string) => typed?.text(name) ?? otherwise
  // The first line end in a text area is not part of its text.
  return html`
    <p class="field"><label for="title">Title</label>
      <input id="title" name="title" maxlength="${LONGEST_TITLE}" value="${value('title', note.title)}" autocomplete="off"></p>
    <p class="field"><label for="body">Text</label>
      <textarea id="body" name="body" rows="10">
${value('body', note.body)}</textarea></p>
    <p class="field"><label for="tags">Tags</label>
      <input id="tags" name="tags" value="${value('tags', note.tags.join(', '))}" autocomplete="off" aria-describedby="tags-hint">
      <span id="tags-hint" class="hint">With commas between them.</span></p>
    <p class="field"><label for="notebook">Notebook</label>
      <input id="notebook" name="notebook" maxlength="${LONGEST_NAME}" list="notebooks" value="${value('notebook', note.notebook)}" autocomplete="off"></p>
    <datalist id="notebooks">${options.notebooks.map(({ name }) => html`<option value="${name}"></option>`)}</datalist>
    <button>${options.button}</button>`
}

function readTags(typed: string): readonly string[] {
  const tags = typed.split(',').map(each => readName(each, 'a tag'))
  const distinct = new Map(tags.filter(each => each !== '').map(each => [each.toLowerCase(), each]))
  if (distinct.size > MOST_TAGS) throw new InvalidInputError(`a note has at most ${MOST_TAGS} tags`)
  return [...distinct.values()]
}

function line(typed: string): string {
  return typed.replace(UNSEEN, ' ').trim()
}

function within(typed: string, most: number, what: string): string {
  const length = [...typed].length
  if (length > most) throw new InvalidInputError(`${what} has ${length} characters, ${length - most} too many`)
  return typed
}

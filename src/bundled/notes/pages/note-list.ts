import { type Html, html, type PrivateRequest, shownMoment } from '../../../index.js'
import type { Note } from '../notebook.js'

const PAGE = 50
const EXCERPT = 160

/** Where a page of a list of notes begins, and how many to ask for: one more than is shown tells whether there are more. */
export function sliceOf(request: PrivateRequest): { readonly offset: number; readonly limit: number } {
  const typed = request.query.get('from') ?? ''
  return { offset: /^\d{1,9}$/.test(typed) ? Number(typed) : 0, limit: PAGE + 1 }
}

/** Links to notes, with a line of each; `notes` is what {@link sliceOf} asked for. */
export function noteList(notes: readonly Note[], request: PrivateRequest): Html {
  if (notes.length === 0) return html`<p class="quiet">There are no notes here.</p>`
  return html`
    <ul class="list">${notes.slice(0, PAGE).map(note => entry(note, request))}</ul>
    ${notes.length > PAGE && html`<p><a href="${addressOfNext(request)}" rel="next">More notes</a></p>`}`
}

/** Each leads to the notes that carry it. */
export function tagList(tags: readonly string[] | null, application: string): Html | null {
  if (tags === null || tags.length === 0) return null
  const links = tags.map(
    tag => html`<li><a href="${application}?${new URLSearchParams({ tag }).toString()}">${tag}</a></li>`,
  )
  return html`<ul class="tags" aria-label="Tags">${links}</ul>`
}

function entry(note: Note, request: PrivateRequest): Html {
  return html`
    <li>
      <a href="${request.linkTo(note)}">${note.title}</a>${note.pinned && html` <span class="badge">pinned</span>`}
      <p class="quiet">${excerpt(note.body)}</p>
      <p class="quiet">${shownMoment(note.changed)}</p>
    </li>`
}

function excerpt(body: string): string {
  const line = [
    ...body
      .slice(0, 4 * EXCERPT)
      .replace(/\s+/g, ' ')
      .trim(),
  ]
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT).join('')}…` : line.join('')
}

function addressOfNext(request: PrivateRequest): string {
  const query = new URLSearchParams(request.query)
  query.set('from', String(sliceOf(request).offset + PAGE))
  return `${request.path}?${query}`
}

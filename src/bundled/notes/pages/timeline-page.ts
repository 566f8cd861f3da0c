/** The timeline as everybody sees it, a page at a time. */
import { type Html, html, registerInterfaceRenderer, shownMoment } from '../../../index.js'
import { ITimeline, type PublishedNote } from '../timeline.js'

/** Longer notes are folded, so that one does not push the others out of sight. */
const FOLDED = 1200

registerInterfaceRenderer(ITimeline, {
  html(timeline, request) {
    const { notes, older } = timeline.read(request.query.get('from') ?? '')
    return {
      title: timeline.title,
      body: html`
        ${notes.length === 0 ? html`<p class="quiet">Nobody has published a note yet.</p>` : notes.map(entry)}
        ${older !== null && html`<p><a href="${request.path}?from=${older}" rel="next">Older notes</a></p>`}`,
    }
  },
  json(timeline, request) {
    const { notes, older } = timeline.read(request.query.get('from') ?? '')
    const entries = notes.map(({ author, title, body, published }) => ({
      author,
      title,
      body,
      published: published.toIso(),
    }))
    return { title: timeline.title, notes: entries, older }
  },
})

function entry({ author, title, body, published }: PublishedNote): Html {
  const text = html`<div class="text">${body}</div>`
  return html`
    <article class="card">
      <h2>${title}</h2>
      <p class="quiet">${author} · ${shownMoment(published)}</p>
      ${body.length > FOLDED ? html`<details><summary>Read the whole note</summary>${text}</details>` : body !== '' && text}
    </article>`
}

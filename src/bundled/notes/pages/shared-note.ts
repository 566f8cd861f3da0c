/** A note as somebody sees it with whom it is shared. */
import { html, registerInterfaceRenderer, shownMoment } from '../../../index.js'
import { INote } from '../notebook.js'

registerInterfaceRenderer(INote, {
  html: ({ title, body, tags, changed }) => ({
    title,
    body: html`
      <p class="quiet">Changed ${shownMoment(changed)}</p>
      ${body === '' ? html`<p class="quiet">There is no text.</p>` : html`<div class="text card">${body}</div>`}
      ${tags !== null && tags.length > 0 && html`<ul class="tags" aria-label="Tags">${tags.map(tag => html`<li>${tag}</li>`)}</ul>`}`,
  }),
  json: ({ title, body, tags, changed }) => ({ title, body, tags: tags ?? [], changed: changed.toIso() }),
})

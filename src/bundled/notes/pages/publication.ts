/**
 * A note on the timeline of all. What stands there is a copy in another store, the application's, under the author's
 * address: the two are written one after the other, and doing it again does no harm.
 */
import {
  type ActionOutcome,
  type Html,
  html,
  InvalidInputError,
  NotFoundError,
  type PrivateRequest,
  type Store,
  shownMoment,
} from '../../../index.js'
import type { Note } from '../notebook.js'
import { ITimeline, Timeline } from '../timeline.js'

/** The name of the offering, which is also where its pages are. */
const OFFERING = 'notes'
/** Whoever comes by gets a page of them, so that must cost little. */
const LONGEST = 20_000

/** What its owner is told, and the buttons; nothing on a site that has no timeline. */
export function publication(note: Note, request: PrivateRequest): Html | undefined {
  return onTimeline(request, (timeline, author) => {
    const entry = timeline.find(author, note)
    const isOld = entry !== undefined && (entry.title !== note.title || entry.body !== note.body)
    return html`
      <section>
        <h2>Timeline</h2>
        <p>${entry === undefined ? 'It is not on the timeline, which everybody can read.' : standing(entry.published, isOld)}</p>
        <div class="row">
          ${(entry === undefined || isOld) && request.form('publish', html`<button class="second">${isOld ? 'Publish as it is now' : 'Publish'}</button>`)}
          ${entry !== undefined && request.form('withdraw', html`<button class="second">Withdraw</button>`)}
        </div>
      </section>`
  })
}

/**
 * A copy as the note is now; one that is there is replaced.
 * @throws InvalidInputError for a note that is too long; nothing is published.
 */
export function publish(note: Note, request: PrivateRequest): ActionOutcome {
  if (note.body.length > LONGEST)
    throw new InvalidInputError(`the timeline takes no notes of more than ${LONGEST} characters`)
  const done = onTimeline(request, (timeline, author) => timeline.publish(author, note))
  if (done === undefined) throw new NotFoundError('this site has no timeline')
  return { notice: 'The note is on the timeline.' }
}

/** Not being there is not an error. */
export function withdraw(note: Note, request: PrivateRequest): ActionOutcome {
  onTimeline(request, (timeline, author) => timeline.withdraw(author, note))
  return { notice: 'The note is not on the timeline any more.' }
}

function standing(published: Parameters<typeof shownMoment>[0], isOld: boolean): Html {
  return html`Published ${shownMoment(published)} on the <a href="/${OFFERING}/">timeline</a>${isOld ? ', and changed since then' : ''}.`
}

/** Undefined where the site has no timeline. */
function onTimeline<T>(request: PrivateRequest, work: (timeline: Timeline, author: string) => T): T | undefined {
  const { address } = request.viewer
  const inStore = (store: Store) => {
    const [timeline] = store.powerupsFor(ITimeline)
    return timeline instanceof Timeline && address !== null ? work(timeline, address) : undefined
  }
  try {
    return request.inAppStore(OFFERING, inStore)
  } catch (error) {
    if (error instanceof NotFoundError) return undefined
    throw error
  }
}

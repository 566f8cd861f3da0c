/**
 * Who may see a note: the shares of it, as its owner reads and changes them. All of a note's shares have one ID, so that
 * its address is the same for everybody who may see it.
 */
import {
  type ActionOutcome,
  AUTHENTICATED,
  ConflictError,
  EVERYONE,
  type FormFields,
  findRole,
  getAuthenticatedRole,
  getEveryoneRole,
  getPrimaryRole,
  type Html,
  html,
  InvalidInputError,
  type PrivateRequest,
  type Role,
  shareItem,
  sharesOf,
  unshare,
} from '../../../index.js'
import { INote, type Note } from '../notebook.js'

/** Of one note; each has a form on its page. */
const MOST_SHARES = 200

/** Who sees it, with a button each to end that, and forms to show it to more people. */
export function audience(note: Note, request: PrivateRequest): Html {
  const shares = sharesOf(note)
  const roles = shares.map(each => each.sharedTo)
  const [first] = shares
  const address = first === undefined ? null : request.linkToShare(first.shareID)
  return html`
    <section>
      <h2>Who sees this note</h2>
      ${roles.length === 0 ? html`<p class="quiet">Nobody but you.</p>` : html`<ul class="list">${roles.map(role => entry(role, request))}</ul>`}
      ${address !== null && html`<p>They find it at <a href="${address}">its own page</a>.</p>`}
      ${shareForm(request)}
      <div class="row">${wide(roles, request)}</div>
    </section>`
}

/** Shows it to whoever the field `with` names: everybody, people who have logged in, or one person by their address. */
export function share(note: Note, fields: FormFields): ActionOutcome {
  const typed = fields.text('with').trim()
  if (typed === '') throw new InvalidInputError('nobody is named', { hint: 'write an address' })
  const role = roleNamed(note, typed)
  const shares = sharesOf(note)
  const [known] = shares
  if (shares.length >= MOST_SHARES && shares.every(each => each.sharedTo !== role))
    throw new ConflictError(`a note is shared with at most ${MOST_SHARES} people`)
  shareItem(role, note, { interfaces: [INote], ...(known && { shareID: known.shareID }) })
  return { notice: `The note is shared with ${nameOf(role)}.` }
}

/** Ends that; not being shared is not an error. */
export function endShare(note: Note, fields: FormFields): ActionOutcome {
  const typed = fields.text('with')
  const role = findRole(note.store, typed)
  if (role !== undefined) unshare(note, { role })
  return { notice: `The note is not shared with ${role === undefined ? typed : nameOf(role)} any more.` }
}

function entry(role: Role, request: PrivateRequest): Html {
  const button = html`<input type="hidden" name="with" value="${role.externalID}"><button class="second">Stop</button>`
  return html`<li class="row"><span>${nameOf(role)}</span>${request.form('unshare', button)}</li>`
}

function shareForm(request: PrivateRequest): Html {
  const typed = request.refused?.action === 'share' ? request.refused.fields.text('with') : ''
  const fields = html`
    <label for="with">Share with one person</label>
    <div class="row">
      <input id="with" name="with" required placeholder="name@example.com" value="${typed}" autocomplete="off">
      <button class="second">Share</button>
    </div>`
  return request.form('share', fields)
}

/** The two audiences that need no address, where the note is not shared with them yet. */
function wide(roles: readonly Role[], request: PrivateRequest): readonly Html[] {
  const names = roles.map(each => each.externalID)
  const offers = [
    [EVERYONE, 'Share with everybody'],
    [AUTHENTICATED, 'Share with all who have logged in'],
  ] as const
  return offers
    .filter(([name]) => !names.includes(name))
    .map(([name, words]) =>
      request.form(
        'share',
        html`<input type="hidden" name="with" value="${name}"><button class="second">${words}</button>`,
      ),
    )
}

function roleNamed({ store }: Note, typed: string): Role {
  if (typed === EVERYONE) return getEveryoneRole(store)
  if (typed === AUTHENTICATED) return getAuthenticatedRole(store)
  return findRole(store, typed) ?? getPrimaryRole(store, typed)
}

function nameOf({ externalID }: Role): string {
  if (externalID === EVERYONE) return 'everybody'
  return externalID === AUTHENTICATED ? 'all who have logged in' : externalID
}

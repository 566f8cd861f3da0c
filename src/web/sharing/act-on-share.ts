import type { FastifyReply, FastifyRequest } from 'fastify'
import { ConflictError, InvalidInputError } from '../../base/errors.js'
import type { SharedItem } from '../../sharing/get-share.js'
import type { FormFields, Viewer } from '../../sharing/pages/page.js'
import { findRenderer, type Renderer } from '../../sharing/pages/renderer.js'
import { wantsJson } from '../accept.js'
import { formFieldsOf } from '../forms.js'
import { followOutcome } from '../notices.js'
import { notFound, WebRefusal } from '../refusal.js'
import { viewerOf } from '../viewer.js'
import { encodeSegment, isDefaultShare } from './share-links.js'
import type { SharePlace } from './share-owner.js'
import { getSharedAt, ShareRequest } from './share-request.js'

interface NamedAction {
  readonly shareID: string
  /** What the path ends with. */
  readonly action: string
}

/**
 * Does what a form of the share's page asks for, in a transaction of its store, and shows the page again, or what the
 * action says.
 * @throws WebRefusal: 404 where the viewer may not see the share, or its renderer has no such action; 400 and 409 with
 *   the reason where the action refuses. Nothing is done then.
 */
export async function actOnShare(
  place: SharePlace,
  { shareID, action, viewer }: NamedAction & { readonly viewer: Viewer },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { request } = reply
  const fields = fieldsOf(request)
  const { host } = request.server.web
  const { site } = host
  const { outcome, path } = await host.withUserStore(place.account, store =>
    store.transact(() => {
      const shared = getSharedAt(store, viewer, shareID)
      const path = isDefaultShare(store, shared.shareID) ? place.root : `${place.root}${encodeSegment(shared.shareID)}`
      const asked = new ShareRequest(reply, { viewer, root: place.root, path, shareID: shared.shareID })
      return { path, outcome: perform(getAction(shared, action), [shared.facet, fields, asked], site.directory) }
    }),
  )
  return wantsJson(request) ? reply.send({ status: 'done', ...outcome }) : followOutcome(reply, outcome, path)
}

/** @throws WebRefusal (404) as {@link actOnShare} does. */
export async function assertAction(
  { account }: SharePlace,
  { shareID, action }: NamedAction,
  request: FastifyRequest,
): Promise<void> {
  const viewer = viewerOf(request)
  await request.server.web.host.withUserStore(account, store => {
    getAction(getSharedAt(store, viewer, shareID), action)
  })
}

type Action = NonNullable<Renderer<unknown>['actions']>[string]

/** What the action refuses is said to the visitor, unless it tells where the site lies; everything else goes on. */
function perform(action: Action, given: Parameters<Action>, secret: string): ReturnType<Action> {
  try {
    return action(...given)
  } catch (error) {
    const isRefusal = error instanceof InvalidInputError || error instanceof ConflictError
    if (!isRefusal || error.message.includes(secret)) throw error
    const sentence = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`
    throw new WebRefusal(error instanceof ConflictError ? 409 : 400, sentence)
  }
}

function getAction({ typeName, interfaces }: SharedItem, name: string): Action {
  const actions = findRenderer(typeName, interfaces)?.actions
  const action = actions !== undefined && Object.hasOwn(actions, name) ? actions[name] : undefined
  if (action === undefined) throw notFound()
  return action
}

/** A form, or a flat object of JSON, in which a list is a field that comes several times. */
function fieldsOf(request: FastifyRequest): FormFields {
  const body: unknown = request.body
  if (typeof body !== 'object' || body === null || body instanceof URLSearchParams) return formFieldsOf(request)
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(body))
    for (const each of Array.isArray(value) ? value : [value]) if (each !== null) fields.append(name, textOf(each))
  return formFieldsOf({ body: fields })
}

function textOf(value: unknown): string {
  if (typeof value === 'object') throw new WebRefusal(400, 'The fields are texts, or lists of texts.')
  return String(value)
}

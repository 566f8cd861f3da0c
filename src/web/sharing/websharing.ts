/**
 * Websharing: what stores share, on the web.
 *
 * `/users/<name>/<shareID>` is a share of a person, `/<offering>/<shareID>` one of an application store; the bare slash
 * is the default share. On a host of somebody's own, `alice.example.com`, the paths begin with the ID. What the viewer
 * may not see is answered as if it were not there: same page, same queries.
 *
 * `share-owner` finds the store, the sharing layer the share, which is a facet; `show-share` makes HTML or JSON of that
 * by the renderer that its offering has registered, and `act-on-share` lets people who have logged in do what the
 * renderer offers. Somebody who has moved to another site is looked for there, also where that happens while a request is
 * under way; whoever asks for somebody who is just arriving is to ask again.
 *
 * Paths whose first segment is nobody's are left to whoever answers for all other paths.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify'
import { formGuards } from '../forms.js'
import { notFound, WebRefusal } from '../refusal.js'
import { memberOf } from '../viewer.js'
import type { WebPart } from '../web.js'
import { actOnShare, assertAction } from './act-on-share.js'
import { virtualHostsOf } from './personal-hosts.js'
import { redirectToOtherLogin, redirectToOtherSite } from './redirect-moved.js'
import { encodeSegment } from './share-links.js'
import { findApplication, findPerson, type ShareOwner, type SharePlace } from './share-owner.js'
import { showShare } from './show-share.js'

interface Params {
  readonly name: string
  readonly shareID?: string
  readonly action?: string
}

type ShareRequest = FastifyRequest<{ Params: Params }>
type Find = (request: FastifyRequest, name: string) => ShareOwner
type Answer = (place: SharePlace, request: ShareRequest, reply: FastifyReply) => FastifyReply | Promise<FastifyReply>

export const registerWebsharing: WebPart = app => {
  app.web.addVirtualHosts(virtualHostsOf(app.web))
  registerShares(app, '/users/:name', findPerson)
  registerShares(app, '/:name', findApplication)
}

function registerShares(app: FastifyInstance, root: string, find: Find): void {
  const get = (path: string, answer: Answer) =>
    app.get<{ Params: Params }>(path, (request, reply) =>
      visit(
        () => find(request, request.params.name),
        place => answer(place, request, reply),
        reply,
      ),
    )
  get(root, (place, request, reply) => redirect(reply, place.root, request))
  get(`${root}/`, (place, _request, reply) => showShare(place, undefined, reply))
  get(`${root}/:shareID`, (place, { params }, reply) => showShare(place, params.shareID, reply))
  get(`${root}/:shareID/`, (place, request, reply) =>
    redirect(reply, `${place.root}${encodeSegment(request.params.shareID ?? '')}`, request),
  )
  get(`${root}/:shareID/:action`, refuseReading)
  registerActions(app, root, find)
  const refuse = (path: string, method: string[], allowed: string) =>
    app.route<{ Params: Params }>({
      method,
      url: path,
      handler: (request, reply) => refuseMethod(find(request, request.params.name), { request, reply, allowed }),
    })
  for (const path of [root, `${root}/`, `${root}/:shareID`, `${root}/:shareID/`])
    refuse(path, ['POST', 'PUT', 'PATCH', 'DELETE'], 'GET, HEAD')
  refuse(`${root}/:shareID/:action`, ['PUT', 'PATCH', 'DELETE'], 'POST')
}

/** Who has moved is told of before anything is asked of the form, which was not meant for us. */
function registerActions(app: FastifyInstance, root: string, find: Find): void {
  const guards: RouteShorthandOptions = formGuards(app)
  app.post<{ Params: Params }>(
    `${root}/:shareID/:action`,
    {
      ...guards,
      onRequest: async request => {
        const owner = find(request, (request.params as Params).name)
        assertHere(owner)
        if (owner.kind === 'unknown') throw notFound()
      },
    },
    async (request, reply) => {
      const viewer = memberOf(request)
      const { name, shareID = '', action = '' } = request.params
      const owner = find(request, name)
      if (owner.kind !== 'here') throw notFound()
      return await actOnShare(owner.place, { shareID, action, viewer }, reply).catch((error: unknown) => {
        if (!owner.place.account.isStored) assertHere(find(request, name))
        throw error
      })
    },
  )
}

/** Answers for a store that is here. One that goes meanwhile is looked for once more. */
function visit(
  find: () => ShareOwner,
  answer: (place: SharePlace) => FastifyReply | Promise<FastifyReply>,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  const owner = find()
  if (owner.kind !== 'here') return notHere(owner, reply)
  const answered = answer(owner.place)
  if (!(answered instanceof Promise)) return answered
  return answered.catch((error: unknown) => {
    const now = owner.place.account.isStored ? owner : find()
    if (now.kind === 'here') throw error
    return notHere(now, reply)
  })
}

function notHere(owner: Exclude<ShareOwner, { kind: 'here' }>, reply: FastifyReply): FastifyReply {
  if (owner.kind === 'arriving') throw arriving()
  return owner.kind === 'moved' ? redirectToOtherSite(owner, reply) : leave(reply)
}

/** Whoever posts to somebody who is elsewhere is told so. @throws WebRefusal */
function assertHere({ kind }: ShareOwner): void {
  if (kind === 'moved') throw movedAway()
  if (kind === 'arriving') throw arriving()
}

function redirect(reply: FastifyReply, path: string, request: ShareRequest): FastifyReply {
  const query = request.originalUrl.indexOf('?')
  return reply.redirect(query < 0 ? path : `${path}${request.originalUrl.slice(query)}`, 308)
}

/** The address of an action is there for those who may see the share, and it is for posting. */
async function refuseReading(place: SharePlace, request: ShareRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { shareID = '', action = '' } = request.params
  await assertAction(place, { shareID, action }, request)
  reply.header('allow', 'POST')
  throw new WebRefusal(405, 'This can only be done with a form.')
}

interface Refused {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Methods that the address is for. */
  readonly allowed: string
}

function refuseMethod(owner: ShareOwner, { request, reply, allowed }: Refused): FastifyReply {
  if (owner.kind === 'moved' && request.method === 'POST' && /^\/login\/?(?:\?|$)/.test(owner.rest))
    return redirectToOtherLogin(owner, reply)
  assertHere(owner)
  if (owner.kind === 'unknown') return leave(reply)
  reply.header('allow', allowed)
  throw new WebRefusal(405, 'This cannot be done with a page.')
}

/** To whoever answers for paths that nobody else does. */
function leave(reply: FastifyReply): FastifyReply {
  reply.callNotFound()
  return reply
}

function movedAway(): WebRefusal {
  return new WebRefusal(421, 'This is served by another site now.')
}

function arriving(): WebRefusal {
  return new WebRefusal(503, 'This is just moving here. Try again in a moment.')
}

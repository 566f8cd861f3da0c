import type { FastifyReply } from 'fastify'
import { stringifyJson } from '../../base/json.js'
import type { SharedItem } from '../../sharing/get-share.js'
import { findRenderer } from '../../sharing/pages/renderer.js'
import { wantsJson } from '../accept.js'
import { formTokenOf } from '../forms.js'
import { WebRefusal } from '../refusal.js'
import { pathOf, renderPage } from '../send-page.js'
import { viewerOf } from '../viewer.js'
import { facetAsJson } from './facet-json.js'
import { KeptPages } from './kept-pages.js'
import { type Representation, representationOf, sendRepresentation } from './representation.js'
import type { SharePlace } from './share-owner.js'
import { getSharedAt, ShareRequest } from './share-request.js'

/**
 * Shows a share, or the default share where no ID is given, as HTML or JSON.
 * @throws WebRefusal: 404 for what is not there or not for the viewer; 406 where nobody knows how to show it to people.
 */
export function showShare(
  place: SharePlace,
  shareID: string | undefined,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  const kept = pages.find(place.account, reply)
  return kept === undefined ? makeAndShow(place, shareID, reply) : sendRepresentation(reply, kept, NOBODY)
}

const NOBODY = { address: null }

async function makeAndShow(
  { account, root }: SharePlace,
  shareID: string | undefined,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { request } = reply
  const viewer = viewerOf(request)
  const shown = await request.server.web.host.withUserStore(account, store => {
    const make = () => {
      const shared = getSharedAt(store, viewer, shareID)
      const asked = new ShareRequest(reply, { viewer, root, path: pathOf(request), shareID: shared.shareID })
      return wantsJson(request) ? asJson(shared, asked) : asHtml(shared, asked, reply)
    }
    return pages.keep(account, reply, { store, make })
  })
  if (viewer.address !== null && shown.type === JSON_TYPE) reply.header('x-csrf-token', formTokenOf(reply))
  return sendRepresentation(reply, shown, viewer)
}

const pages = new KeptPages()

const JSON_TYPE = 'application/json; charset=utf-8'

function asJson({ typeName, interfaces, facet }: SharedItem, asked: ShareRequest): Representation {
  const renderer = findRenderer(typeName, interfaces)
  const value = renderer?.json === undefined ? facetAsJson(facet) : renderer.json(facet, asked)
  return representationOf(JSON_TYPE, stringifyJson(value))
}

function asHtml({ typeName, interfaces, facet }: SharedItem, asked: ShareRequest, reply: FastifyReply): Representation {
  const renderer = findRenderer(typeName, interfaces)
  if (renderer === undefined)
    throw new WebRefusal(406, 'There is no page for this. Programs get it as JSON, if they accept that.')
  return representationOf('text/html; charset=utf-8', renderPage(reply, renderer.html(facet, asked)))
}

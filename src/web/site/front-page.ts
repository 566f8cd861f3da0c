import type { FastifyInstance, FastifyRequest } from 'fastify'
import { findAccountByAddress } from '../../accounts/find-account.js'
import { html } from '../../base/html.js'
import { listDeclaredOfferings } from '../../offerings/declarations.js'
import { getInstalledOfferingNames } from '../../offerings/installed-offerings.js'
import { findDefaultShareID } from '../../sharing/default-share.js'
import { findShare } from '../../sharing/get-share.js'
import type { ShownPage } from '../../sharing/pages/page.js'
import { sendPage } from '../send-page.js'
import { type Visitor, viewerOf } from '../viewer.js'
import type { Web } from '../web.js'

/** Milliseconds for which the list is good; to make it, the store of every application is asked. */
const GOOD_FOR = 10_000

const EVERYBODY: Pick<Visitor, 'address'> = { address: null }

/**
 * The page at `/`: what there is for everybody on this site. Where the administrator has chosen an offering for it,
 * visitors are sent on to what that one shows to everybody.
 */
export function registerFrontPage(app: FastifyInstance): void {
  let known: readonly PublicOffering[] = []
  let until = 0
  app.get('/', async (request, reply) => {
    const { frontOffering } = app.web.facts
    if (frontOffering !== null) return reply.header('cache-control', 'no-cache').redirect(`/${frontOffering}/`, 307)
    if (performance.now() > until) {
      known = await publicOfferings(app.web)
      until = performance.now() + GOOD_FOR
    }
    return sendPage(reply, frontPage(request, known))
  })
}

interface PublicOffering {
  readonly name: string
  readonly description: string
}

/** The offerings whose application store shows its default share to everybody. */
async function publicOfferings({ host }: Web): Promise<readonly PublicOffering[]> {
  const found: PublicOffering[] = []
  const declared = new Map(listDeclaredOfferings(host.site).map(each => [each.name, each.description]))
  for (const name of getInstalledOfferingNames(host.site.store)) {
    const account = findAccountByAddress(host.site, { localpart: name, domain: null })
    if (account === undefined) continue
    const isPublic = await host
      .withUserStore(account, store => findShare(store, EVERYBODY, findDefaultShareID(store) ?? '') !== undefined)
      .catch((error: unknown) => {
        host.log.warn({ offering: name, reason: String(error) }, 'the store of an offering could not be asked')
        return false
      })
    if (isPublic) found.push({ name, description: declared.get(name) ?? '' })
  }
  return found
}

function frontPage(request: FastifyRequest, offerings: readonly PublicOffering[]): ShownPage {
  const { hostname } = request.server.web.facts
  const links = offerings.map(
    ({ name, description }) =>
      html`<li class="card"><a href="/${name}/">${name}</a><p class="quiet">${description}</p></li>`,
  )
  const list =
    links.length > 0
      ? html`<ul class="choices">${links}</ul>`
      : html`<p>Nothing is shown to everybody on this site.</p>`
  const way = viewerOf(request).account === null ? html`<p><a href="/login">Log in</a> to see what is yours.</p>` : null
  return { title: hostname, body: html`${list}${way}` }
}

import type { FastifyRequest } from 'fastify'
import { LoginAccount } from '../../accounts/login-account.js'
import { PublicWeb } from '../../offerings/site-items/public-pages.js'
import type { Site } from '../../site/site.js'
import { Remembered } from '../../store-engine/remembered.js'
import type { SubStore } from '../../store-engine/sub-store.js'
import { hostOf } from '../site/site-hosts.js'
import { locateApplication, locateOwner, type NamedOwner } from './public-names.js'
import { encodeSegment } from './share-links.js'

/** A store that shares, and where its shares are. */
export interface SharePlace {
  readonly account: LoginAccount
  /** Path below which the visitor sees the shares, encoded, with a slash at the end. */
  readonly root: string
}

export interface MovedOwner {
  readonly kind: 'moved'
  /** The address that went; the bare name of an offering for its application store. */
  readonly address: string
  readonly publicUrl: string | null
  /** What stands behind the name in the path that was asked for, with the query. */
  readonly rest: string
}

export type ShareOwner =
  | { readonly kind: 'here'; readonly place: SharePlace }
  | MovedOwner
  | { readonly kind: 'arriving' }
  | { readonly kind: 'unknown' }

const remembered = new Remembered<LoginAccount>()

/** Whose shares are below `/users/<name>/`. */
export function findPerson(request: FastifyRequest, name: string): ShareOwner {
  const { site } = request.server.web.host
  const find = () => locateOwner(site, name, hostOf(request))
  return ownerAt(request, {
    root: `/users/${encodeSegment(name)}/`,
    owner: recall(site, `users ${hostOf(request)} ${name}`, find),
    depth: 2,
  })
}

/** Whose shares are below `/<prefix>/`: an offering's. */
export function findApplication(request: FastifyRequest, prefix: string): ShareOwner {
  const { site } = request.server.web.host
  const find = () => locatePrefix(site, prefix)
  return ownerAt(request, {
    root: `/${encodeSegment(prefix)}/`,
    owner: recall(site, `offering ${prefix}`, find),
    depth: 1,
  })
}

function locatePrefix(site: Site, prefix: string): NamedOwner {
  const account = applicationAt(site, prefix)
  return account === undefined ? locateApplication(site, prefix) : { kind: 'here', account }
}

/** Those who are here are remembered; where others are is written in tables, not in items. */
function recall(site: Site, key: string, find: () => NamedOwner): NamedOwner {
  let found: NamedOwner | undefined
  const account = remembered.recall(site.store, key, () => {
    found = find()
    return found.kind === 'here' ? found.account : undefined
  })
  return account === undefined ? (found ?? { kind: 'unknown' }) : { kind: 'here', account }
}

interface Found {
  readonly root: string
  readonly owner: NamedOwner
  /** How many segments of the path are the name. */
  readonly depth: number
}

function ownerAt({ url, originalUrl }: FastifyRequest, { root, owner, depth }: Found): ShareOwner {
  if (owner.kind === 'unknown' || owner.kind === 'arriving') return owner
  // On a host of somebody's own the name is in the host, and the path was rewritten.
  if (owner.kind === 'here')
    return { kind: 'here', place: { account: owner.account, root: url === originalUrl ? root : '/' } }
  const { address, to } = owner
  return { kind: 'moved', address, publicUrl: to.publicUrl, rest: behind(url, depth) }
}

/** The part of a URL from the slash, or the question mark, that follows so many segments. */
function behind(url: string, depth: number): string {
  const [name = ''] = new RegExp(`^(?:/[^/?]*){${depth}}`).exec(url) ?? []
  return url.slice(name.length)
}

function applicationAt({ store }: Site, prefix: string): LoginAccount | undefined {
  if (prefix === '' || prefix.includes('\0') || !prefix.isWellFormed()) return undefined
  const application = store.findFirst(PublicWeb, PublicWeb.prefixURL.equals(prefix))?.application
  return application === undefined ? undefined : accountOf(application)
}

function accountOf(application: SubStore): LoginAccount | undefined {
  return application.store.findFirst(LoginAccount, LoginAccount.avatars.equals(application))
}

/**
 * What the parts of the web application share: the node that they run on, who it is that they serve, and the navigation
 * to which each may add. It is reached from every request as `request.server.web`.
 *
 * A part is a function that registers routes; `application` lists them all.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LoginAttempts } from '../accounts/attempts/login-attempts.js'
import type { ServiceHost } from '../offerings/services.js'
import { Listeners } from './site/listeners.js'
import { KnownFacts, type SiteFacts } from './site/site-facts.js'
import { SiteHosts } from './site/site-hosts.js'
import type { VirtualHost } from './site/virtual-hosts.js'
import type { WebViewer } from './viewer.js'

/** Registers the routes and hooks of one part of what can be asked. */
export type WebPart = (app: FastifyInstance) => void | Promise<void>

export interface NavigationLink {
  /** A path of this site. */
  readonly path: string
  /** Plain text. */
  readonly text: string
}

/** The links that a part wants in the navigation of every page, for whoever looks; called for each page. */
export type NavigationSource = (request: FastifyRequest, viewer: WebViewer) => readonly NavigationLink[]

export class Web {
  readonly host: ServiceHost
  /** Where the site is served just now. */
  readonly listeners = new Listeners()
  /** Which names it answers to. */
  readonly hosts: SiteHosts
  readonly attempts: LoginAttempts
  readonly #facts: KnownFacts
  readonly #navigation: NavigationSource[] = []
  readonly #virtualHosts: VirtualHost[] = []

  constructor(host: ServiceHost) {
    this.host = host
    this.#facts = new KnownFacts(host.site)
    this.hosts = new SiteHosts(host.site, () => this.facts)
    this.attempts = new LoginAttempts(host.site)
  }

  /** What is set for the site, as it was at most a second ago. */
  get facts(): SiteFacts {
    return this.#facts.current
  }

  /** Adds links after those that are there already. */
  addNavigation(source: NavigationSource): void {
    this.#navigation.push(source)
  }

  /** Has names of others lead to what a part shows. */
  addVirtualHosts(virtualHost: VirtualHost): void {
    this.#virtualHosts.push(virtualHost)
  }

  pathAtVirtualHost(host: string, url: string): string | undefined {
    for (const virtualHost of this.#virtualHosts) {
      const path = virtualHost(host, url)
      if (path !== undefined) return path
    }
    return undefined
  }

  navigationFor(request: FastifyRequest, viewer: WebViewer): readonly NavigationLink[] {
    return this.#navigation.flatMap(source => source(request, viewer))
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    web: Web
  }
  interface FastifyRequest {
    /** Kept by `viewerOf`; null until somebody has asked. */
    knownViewer: WebViewer | null
  }
  interface FastifyReply {
    /** Kept by `csrfForm`, since all forms of a page share one token. */
    formToken: string | null
  }
}

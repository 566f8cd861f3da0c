import type { FastifyRequest } from 'fastify'
import { browserMark, recogniseBrowser } from '../../accounts/attempts/known-browser.js'
import { checkCredentials, countLogin } from '../../accounts/authenticate.js'
import { BadCredentialsError, UnauthorizedLoginError } from '../../accounts/errors.js'
import type { LoginAccount } from '../../accounts/login-account.js'
import { beginSession } from '../../accounts/sessions/begin-session.js'
import { endSession } from '../../accounts/sessions/end-sessions.js'
import type { SessionKind } from '../../accounts/sessions/persistent-session.js'
import { clientAddress } from '../client-address.js'
import { hostOf, isHostedDomain, nameIn } from '../site/site-hosts.js'
import { viewerOf } from '../viewer.js'
import type { GivenSession } from './session-cookies.js'

export interface Credentials {
  /** As it was typed, perhaps without a domain. */
  readonly name: string
  readonly password: string
  readonly kind: SessionKind
  /** What the browser keeps from an earlier login. */
  readonly mark: string | undefined
}

/**
 * Begins a session for whoever knows the password; the one that the browser has had ends. In one transaction the session
 * is stored, the login counted and the failures of the name forgotten.
 *
 * @throws TooManyAttemptsError, UnauthorizedLoginError, LoginQueueFullError.
 */
export async function logIn(request: FastifyRequest, credentials: Credentials): Promise<GivenSession> {
  const { host, attempts } = request.server.web
  const name = fullName(request, credentials.name)
  const browser = recogniseBrowser(host.site, name, credentials.mark)
  using attempt = attempts.begin({ name, from: clientAddress(request), browser })
  const account = await checkCredentials(host.site, name, credentials.password).catch(async (error: unknown) => {
    if (error instanceof UnauthorizedLoginError) await host.patiently(() => countFailure(request, attempt))
    throw error
  })
  const verified = account.passwordHash
  // Waited for here, since the attempt is under way until then.
  return await host.patiently(() =>
    host.site.store.transact(() => {
      assertStill(account, verified)
      const { sessionId } = viewerOf(request)
      if (sessionId !== null) endSession(host.site, sessionId)
      attempt.noteSuccess()
      countLogin(host.site, 'succeeded')
      const { kind } = credentials
      return { kind, token: beginSession(host.site, account, kind), mark: browserMark(account) }
    }),
  )
}

/** A name without `@` is of the domain by which the site was called, where it maintains addresses in that, else of its host name. */
function fullName(request: FastifyRequest, name: string): string {
  if (name === '' || name.includes('@')) return name
  const { facts, host } = request.server.web
  const called = nameIn(hostOf(request))
  return `${name}@${isHostedDomain(host.site, called) ? called : facts.hostname}`
}

/** Other processes may have changed the account since its password was verified. */
function assertStill(account: LoginAccount, passwordHash: string | null): void {
  if (account.isDisabled || account.passwordHash !== passwordHash) throw new BadCredentialsError()
}

function countFailure({ server: { web } }: FastifyRequest, attempt: { noteFailure(): void }): void {
  const { site } = web.host
  site.store.transact(() => {
    attempt.noteFailure()
    countLogin(site, 'failed')
  })
}

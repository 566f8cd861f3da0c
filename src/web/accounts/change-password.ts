import type { FastifyRequest } from 'fastify'
import { browserMark } from '../../accounts/attempts/known-browser.js'
import { BadCredentialsError } from '../../accounts/errors.js'
import { hashPassword, verifyPassword } from '../../accounts/password.js'
import { beginSession } from '../../accounts/sessions/begin-session.js'
import { PersistentSession, type SessionKind } from '../../accounts/sessions/persistent-session.js'
import { setPasswordHash } from '../../accounts/set-password.js'
import { UserStoreBehindError } from '../../accounts/sync-user-store.js'
import { recordAudit } from '../../site/audit.js'
import type { Site } from '../../site/site.js'
import { clientAddress } from '../client-address.js'
import type { Member } from '../viewer.js'
import type { GivenSession } from './session-cookies.js'

/**
 * Gives somebody a new password who has logged in and knows the current one. All their sessions end; the browser that
 * they sit at is given a new one.
 *
 * @throws BadCredentialsError, TooManyAttemptsError, LoginQueueFullError: nothing is changed.
 */
export async function changePassword(
  request: FastifyRequest,
  { account, address, sessionId }: Member,
  passwords: { readonly current: string; readonly next: string },
): Promise<GivenSession> {
  const { host, attempts } = request.server.web
  const { site } = host
  using attempt = attempts.begin({ name: address, from: clientAddress(request), browser: `session ${sessionId}` })
  const verified = account.passwordHash
  if (!(await verifyPassword(verified, passwords.current))) {
    await host.patiently(() => site.store.transact(() => attempt.noteFailure()))
    throw new BadCredentialsError()
  }
  const passwordHash = await hashPassword(passwords.next)
  const kind = kindOf(site, sessionId)
  await host.patiently(() => {
    if (account.isDisabled || account.passwordHash !== verified) throw new BadCredentialsError()
    change(() => setPasswordHash(site, account, passwordHash))
  })
  return await host.patiently(() => {
    const actor = { uid: null, user: address, sudoUser: null, host: clientAddress(request) }
    recordAudit(site, { verb: 'passwd', args: { address }, actor })
    return { kind, token: beginSession(site, account, kind), mark: browserMark(account) }
  })
}

function kindOf(site: Site, sessionId: number): SessionKind {
  const session = site.store.findFirst(PersistentSession, PersistentSession.storeID.equals(sessionId))
  return session?.key?.kind ?? 'browser'
}

/** The new password counts also where the copy in the person's own store has to follow later. */
function change(deed: () => void): void {
  try {
    deed()
  } catch (error) {
    if (!(error instanceof UserStoreBehindError)) throw error
  }
}

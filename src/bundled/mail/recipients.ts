import { domainToASCII, domainToUnicode } from 'node:url'
import {
  and,
  BusyError,
  type LoginAccount,
  LoginMethod,
  locateAddress,
  MantissaError,
  NotFoundError,
  type ServiceHost,
} from '../../index.js'
import { takesMail } from './inbox.js'
import { SmtpRefusal } from './smtp-refusal.js'

export interface RecipientRules {
  readonly host: ServiceHost
  /** What this site is called; mail for `postmaster` without a domain is for the one here. */
  readonly hostname: string
  /** The account that gets what is for a postmaster who has no account. */
  readonly postmaster: string | null
}

/**
 * The account that a recipient's address belongs to, or an answer for the sending server: 550 for nobody, for a disabled
 * account and for one whose inbox was taken away; 551, without a word of where to, for one that has moved; 451 while it
 * is being moved, from here or to here, or its store cannot be opened.
 *
 * An address belongs to the account with a login method for mail that this site maintains (`internal`) or that its owner
 * has proved (`verified`): a name that somebody only claims gets them nobody's mail. Addresses are compared as accounts
 * are, and what stands before the "@" counts as a whole: `alice+news` is not alice.
 * @throws SmtpRefusal
 */
export async function findRecipient(address: string, rules: RecipientRules): Promise<LoginAccount> {
  const account = findOwner(address, rules)
  if (account.isDisabled) throw new SmtpRefusal(550, 'this mailbox takes no messages')
  try {
    const mayDeliver = await rules.host.withUserStore(account, store => {
      const { state = 'active' } = store.readFence() ?? {}
      return state === 'active' ? takesMail(store) : undefined
    })
    if (mayDeliver === undefined) throw new SmtpRefusal(451, 'this mailbox is being moved, try again later')
    if (!mayDeliver) throw new SmtpRefusal(550, 'this mailbox takes no messages')
  } catch (error) {
    throw account.isStored ? asRefusal(error) : asLateRefusal(error)
  }
  return account
}

/** What an error of our own means to a server that sends; whatever it cannot help is temporary. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof SmtpRefusal) return error
  if (isFull(error)) return new SmtpRefusal(452, 'there is no space left here, try again later', error)
  if (!(error instanceof MantissaError)) return error
  if (error instanceof BusyError) return new SmtpRefusal(451, 'this mailbox is busy, try again later')
  if (error instanceof NotFoundError) return new SmtpRefusal(550, 'there is no such mailbox here')
  return new SmtpRefusal(451, 'this mailbox cannot be reached, try again later', error)
}

/** The same for a recipient who was there a moment ago: where they are now is told to whoever asks again. */
export function asLateRefusal(error: unknown): unknown {
  return error instanceof NotFoundError
    ? new SmtpRefusal(451, 'this mailbox has gone just now, try again later')
    : asRefusal(error)
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'DISK_FULL'].includes(String((error as NodeJS.ErrnoException).code))
}

function findOwner(address: string, rules: RecipientRules): LoginAccount {
  const { site } = rules.host
  const named = address.includes('@') ? address : `${address}@${rules.hostname}`
  for (const spelling of spellingsOf(named)) {
    const located = locateAddress(site, spelling)
    const owner = located.kind === 'here' ? entitled(rules, spelling) : undefined
    if (owner !== undefined) return owner
    if (located.kind === 'arriving') throw new SmtpRefusal(451, 'this mailbox is being moved, try again later')
    if (located.kind === 'moved') throw new SmtpRefusal(551, 'this address has moved to another site')
  }
  if (!/^postmaster@/i.test(named)) throw new SmtpRefusal(550, 'there is no such mailbox here')
  const { postmaster } = rules
  if (postmaster === null || /^postmaster@/i.test(postmaster))
    throw new SmtpRefusal(550, 'nobody reads mail for the postmaster of this site')
  return findOwner(postmaster, rules)
}

/** As it was sent, then with the other spelling of an international domain. */
function spellingsOf(address: string): readonly string[] {
  const at = address.lastIndexOf('@')
  const [localpart, domain] = [address.slice(0, at), address.slice(at + 1)]
  const domains = [domain, domain.normalize('NFC'), domainToUnicode(domain), domainToASCII(domain)]
  return [...new Set(domains.filter(each => each !== ''))].map(each => `${localpart}@${each}`)
}

/** The first of the methods with that address that gives a right to its mail. */
function entitled({ host }: RecipientRules, address: string): LoginAccount | undefined {
  const at = address.lastIndexOf('@')
  for (const localpart of new Set([address.slice(0, at), address.slice(0, at).normalize('NFC')])) {
    const where = and(LoginMethod.localpart.equals(localpart), LoginMethod.domain.equals(address.slice(at + 1)))
    const methods = host.site.store.query(LoginMethod, { where, sort: LoginMethod.storeID.ascending })
    const found = methods.toArray().find(isForMail)
    if (found !== undefined) return found.account
  }
  return undefined
}

function isForMail({ internal, verified, protocol }: LoginMethod): boolean {
  return (internal || verified) && ['email', '*'].includes(protocol.toLowerCase())
}

import { networkOf } from '../../index.js'
import { SmtpRefusal } from './smtp-refusal.js'

export interface AddressLimits {
  /** At once. */
  readonly connections: number
  /** The following in a minute. */
  readonly newConnections: number
  readonly messages: number
  readonly recipients: number
  /** Recipients that were refused, and messages. */
  readonly refusals: number
}

type Counted = 'newConnections' | 'messages' | 'recipients' | 'refusals'

interface Usage {
  connections: number
  minute: number
  counts: Record<Counted, number>
}

const MINUTE = 60_000
/** Addresses that are remembered; more come from one attacker only, and then all of them are forgotten. */
const MOST_ADDRESSES = 20_000

/**
 * How much one remote address may ask for. Of IPv6 the first 64 bits count, since a single customer has all the rest.
 * Counts begin anew with every minute, and with the node.
 */
export class MailLimits {
  readonly #limits: AddressLimits
  readonly #now: () => number
  readonly #usage = new Map<string, Usage>()

  constructor(limits: AddressLimits, now: () => number = Date.now) {
    this.#limits = limits
    this.#now = now
  }

  /** @throws SmtpRefusal 421; {@link MailLimits.leave} must not be called then. */
  enter(address: string): void {
    const usage = this.#usageOf(address)
    if (usage.connections >= this.#limits.connections)
      throw new SmtpRefusal(421, 'too many connections from your address, try again later')
    this.count(address, 'newConnections')
    usage.connections += 1
  }

  leave(address: string): void {
    const usage = this.#usage.get(networkOf(address))
    if (usage === undefined) return
    usage.connections = Math.max(0, usage.connections - 1)
    if (usage.connections === 0 && usage.minute < this.#minute()) this.#usage.delete(networkOf(address))
  }

  /** @throws SmtpRefusal 421, upon which the connection is closed. */
  count(address: string, what: Counted): void {
    const usage = this.#usageOf(address)
    usage.counts[what] += 1
    if (usage.counts[what] > this.#limits[what]) throw new SmtpRefusal(421, `${WORDS[what]}, try again later`)
  }

  #usageOf(address: string): Usage {
    const key = networkOf(address)
    const minute = this.#minute()
    const known = this.#usage.get(key)
    if (known?.minute === minute) return known
    if (known === undefined && this.#usage.size >= MOST_ADDRESSES) this.#forget(minute)
    const usage = { connections: known?.connections ?? 0, minute, counts: zero() }
    this.#usage.set(key, usage)
    return usage
  }

  #forget(minute: number): void {
    for (const [key, { connections, minute: last }] of this.#usage)
      if (connections === 0 && last < minute) this.#usage.delete(key)
    if (this.#usage.size >= MOST_ADDRESSES)
      for (const [key, { connections }] of this.#usage) if (connections === 0) this.#usage.delete(key)
  }

  #minute(): number {
    return Math.floor(this.#now() / MINUTE)
  }
}

const WORDS: Readonly<Record<Counted, string>> = {
  newConnections: 'too many connections from your address in a minute',
  messages: 'too many messages from your address in a minute',
  recipients: 'too many recipients from your address in a minute',
  refusals: 'too many mistakes from your address in a minute',
}

function zero(): Record<Counted, number> {
  return { newConnections: 0, messages: 0, recipients: 0, refusals: 0 }
}

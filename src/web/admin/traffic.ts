/** What a stretch of time has brought. */
export interface TrafficSample {
  readonly requests: number
  /** Requests that failed by our own fault (5xx). */
  readonly failures: number
  readonly logins: number
  readonly refusedLogins: number
  /** Milliseconds within which half of the requests, and all but a twentieth of them, were answered; null without any. */
  readonly p50: number | null
  readonly p95: number | null
}

/** One request that has been answered. */
export interface Answered {
  readonly status: number
  readonly milliseconds: number
  readonly login?: 'accepted' | 'refused' | undefined
}

/** Upper ends of the classes of duration, in milliseconds: 0.1, 0.13, … each a quarter above the one before, to a minute. */
const CLASSES = Array.from({ length: 60 }, (_, index) => 0.1 * 1.25 ** index)

interface Slot {
  number: number
  requests: number
  failures: number
  logins: number
  refusedLogins: number
  readonly classes: Uint32Array
}

/**
 * The traffic of the last hour, in memory, in slots of ten seconds. Noting a request costs some additions and nothing is
 * ever allocated for it; a slot that nobody has noted anything in is empty without anybody having to clear it.
 */
export class Traffic {
  static readonly slotSeconds = 10
  static readonly slotCount = 360

  readonly #now: () => number
  readonly #slots: readonly Slot[]

  /** @param now - seconds on a clock that does not go back. */
  constructor(now = () => performance.now() / 1000) {
    this.#now = now
    this.#slots = Array.from({ length: Traffic.slotCount }, emptySlot)
  }

  note({ status, milliseconds, login }: Answered): void {
    const slot = this.#slotOf(this.#number())
    slot.requests += 1
    if (status >= 500) slot.failures += 1
    if (login === 'accepted') slot.logins += 1
    if (login === 'refused') slot.refusedLogins += 1
    const place = classOf(milliseconds)
    slot.classes[place] = (slot.classes[place] ?? 0) + 1
  }

  /** The samples of the last hour, the oldest first; the one that is going on is not among them. */
  history(): readonly TrafficSample[] {
    const last = this.#number() - 1
    return Array.from({ length: Traffic.slotCount - 1 }, (_, index) => {
      const number = last - (Traffic.slotCount - 2) + index
      const slot = this.#slots[modulo(number)]
      return sampleOf(slot?.number === number ? slot : emptySlot())
    })
  }

  #number(): number {
    return Math.floor(this.#now() / Traffic.slotSeconds)
  }

  #slotOf(number: number): Slot {
    const slot = this.#slots[modulo(number)] ?? emptySlot()
    if (slot.number === number) return slot
    Object.assign(slot, { number, requests: 0, failures: 0, logins: 0, refusedLogins: 0 })
    slot.classes.fill(0)
    return slot
  }
}

function emptySlot(): Slot {
  return { number: -1, requests: 0, failures: 0, logins: 0, refusedLogins: 0, classes: new Uint32Array(CLASSES.length) }
}

function modulo(number: number): number {
  return ((number % Traffic.slotCount) + Traffic.slotCount) % Traffic.slotCount
}

function classOf(milliseconds: number): number {
  const place = Math.ceil(Math.log(milliseconds / 0.1) / Math.log(1.25))
  return Math.min(CLASSES.length - 1, Math.max(0, place || 0))
}

function sampleOf({ requests, failures, logins, refusedLogins, classes }: Slot): TrafficSample {
  return {
    requests,
    failures,
    logins,
    refusedLogins,
    p50: quantile(classes, requests * 0.5),
    p95: quantile(classes, requests * 0.95),
  }
}

/** The upper end of the class in which the `rank`th shortest request lies: at most a quarter too long. */
function quantile(classes: Uint32Array, rank: number): number | null {
  if (rank === 0) return null
  let seen = 0
  for (const [index, count] of classes.entries()) {
    seen += count
    if (seen >= rank) return CLASSES[index] ?? null
  }
  return null
}

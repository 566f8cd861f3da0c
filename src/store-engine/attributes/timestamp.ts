import { InvalidInputError } from '../../base/errors.js'
import { INSPECT } from '../../base/inspection.js'

const PATTERN = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?(?:Z|\+00:00)$/

/**
 * A moment, in whole microseconds since 1970-01-01T00:00:00 UTC; negative before. A `Date` would lose three digits.
 * Immutable.
 */
export class Timestamp {
  readonly microseconds: bigint

  private constructor(microseconds: bigint) {
    this.microseconds = microseconds
  }

  static fromMicroseconds(microseconds: bigint): Timestamp {
    return new Timestamp(microseconds)
  }

  static fromDate(date: Date): Timestamp {
    return new Timestamp(BigInt(date.getTime()) * 1000n)
  }

  /** @throws InvalidInputError unless `text` is RFC 3339 in UTC with at most six digits after the second. */
  static parse(text: string): Timestamp {
    const [, seconds, fraction = ''] = PATTERN.exec(text) ?? []
    const milliseconds = Date.parse(`${seconds}Z`)
    // A Date takes the 30th of February for a day in March.
    if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== `${seconds}.000Z`)
      throw new InvalidInputError(`not a time in RFC 3339 and UTC: ${text}`)
    return new Timestamp(BigInt(milliseconds) * 1000n + BigInt(fraction.padEnd(6, '0')))
  }

  /** Milliseconds only: the last three digits are cut towards the past. Invalid beyond what a Date can hold. */
  toDate(): Date {
    return new Date(Number(floorDiv(this.microseconds, 1000n)))
  }

  /** RFC 3339 in UTC with six digits after the second; years outside 0000 to 9999 with a sign and six digits. */
  toIso(): string {
    const seconds = floorDiv(this.microseconds, 1_000_000n)
    const rest = this.microseconds - seconds * 1_000_000n
    // 64 bits reach further than a Date: the calendar repeats every 400 years, so those are taken out and put back.
    const eras = floorDiv(seconds, ERA)
    const date = new Date(Number(seconds - eras * ERA) * 1000)
    const year = date.getUTCFullYear() + Number(eras) * 400
    return `${yearText(year)}${date.toISOString().slice(4, -5)}.${rest.toString().padStart(6, '0')}Z`
  }

  toString(): string {
    return this.toIso()
  }

  toJSON(): string {
    return this.toIso()
  }

  [INSPECT](): string {
    return `Timestamp(${this.toIso()})`
  }

  /** The moment so many whole milliseconds later. */
  plus(milliseconds: number): Timestamp {
    return new Timestamp(this.microseconds + BigInt(milliseconds) * 1000n)
  }

  /** Negative, zero or positive, as for Array.sort. */
  compare(other: Timestamp): number {
    if (this.microseconds === other.microseconds) return 0
    return this.microseconds < other.microseconds ? -1 : 1
  }
}

/** Seconds in 400 years. */
const ERA = 146_097n * 86_400n

function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0')
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`
}

function floorDiv(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value % divisor < 0n ? quotient - 1n : quotient
}

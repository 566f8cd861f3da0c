import { InvalidInputError } from '../../base/errors.js'
import { INSPECT } from '../../base/inspection.js'

const PATTERN = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/** An exact decimal number: `unscaled` × 10^−`scale`. Immutable; arithmetic is the caller's, on `unscaled`. */
export class Decimal {
  readonly unscaled: bigint
  /** Digits after the point, 0 or more. */
  readonly scale: number

  private constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled
    this.scale = scale
  }

  static scaled(unscaled: bigint, scale: number): Decimal {
    return new Decimal(unscaled, scale)
  }

  /** @throws InvalidInputError for anything but plain or exponent notation; a number must be a safe integer. */
  static of(value: string | number | bigint): Decimal {
    if (typeof value === 'bigint') return new Decimal(value, 0)
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value)) throw new InvalidInputError(`not exact as a number: ${value}; write it as text`)
      return new Decimal(BigInt(value), 0)
    }
    const match = PATTERN.exec(value)
    if (!match) throw new InvalidInputError(`not a decimal number: ${value}`)
    const [, sign, whole, fraction = '', exponent = '0'] = match
    const digits = BigInt(`${sign === '-' ? '-' : ''}${whole}${fraction}`)
    const scale = fraction.length - Number(exponent)
    return scale >= 0 ? new Decimal(digits, scale) : new Decimal(digits * 10n ** BigInt(-scale), 0)
  }

  /** The same number with `scale` digits after the point, halves to the even digit (as Python's decimal context). */
  rescale(scale: number): Decimal {
    if (scale >= this.scale) return new Decimal(this.unscaled * 10n ** BigInt(scale - this.scale), scale)
    return new Decimal(roundedQuotient(this.unscaled, 10n ** BigInt(this.scale - scale)), scale)
  }

  /** The quotient with as many digits after the point, halves to the even digit. @param divisor - above zero. */
  dividedBy(divisor: bigint): Decimal {
    return new Decimal(roundedQuotient(this.unscaled, divisor), this.scale)
  }

  equals(other: Decimal): boolean {
    const scale = Math.max(this.scale, other.scale)
    return this.rescale(scale).unscaled === other.rescale(scale).unscaled
  }

  /** Plain notation without trailing zeros after the point: `-0.0001`, `99.99`, `12`. */
  toString(): string {
    const sign = this.unscaled < 0n ? '-' : ''
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0')
    const whole = digits.slice(0, digits.length - this.scale)
    const fraction = digits.slice(digits.length - this.scale).replace(/0+$/, '')
    return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
  }

  toJSON(): string {
    return this.toString()
  }

  [INSPECT](): string {
    return `Decimal(${this.toString()})`
  }
}

/** Halves go to the even neighbour. */
function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n
  const magnitude = negative ? -dividend : dividend
  let quotient = magnitude / divisor
  const twice = (magnitude % divisor) * 2n
  if (twice > divisor || (twice === divisor && quotient % 2n === 1n)) quotient += 1n
  return negative ? -quotient : quotient
}

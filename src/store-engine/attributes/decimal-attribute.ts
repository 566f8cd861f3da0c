import { ConstraintError } from '../errors.js'
import type { Place } from './attribute.js'
import { type AttributeOptions, type Codec, decodeBigint, type Made, makeAttribute, refuse } from './attributes.js'
import { Decimal } from './decimal.js'

export type DecimalScale = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10

/**
 * An exact number with `scale` digits after the point. More digits are rounded where it is set, halves to even, and
 * refused where it is compared: no stored number equals one with more digits, and it may lie on the other side of the
 * rounded one.
 */
export function pointDecimal<const O extends AttributeOptions<Decimal>>(
  scale: DecimalScale,
  options: O = {} as O,
): Made<Decimal, O> {
  return makeAttribute<Decimal, O>(decimalCodec(`point${scale}decimal`, scale), options)
}

/** Four digits after the point, no currency. */
export function money<const O extends AttributeOptions<Decimal>>(options: O = {} as O): Made<Decimal, O> {
  return makeAttribute<Decimal, O>(decimalCodec('money', 4), options)
}

function decimalCodec(kind: string, scale: number): Codec<Decimal> {
  const encode = (value: Decimal, place: Place, label: string) => {
    if (!(value instanceof Decimal)) refuse(place.locate(label), 'a Decimal', value)
    const { unscaled } = value.rescale(scale)
    if (BigInt.asIntN(64, unscaled) === unscaled) return unscaled
    throw new ConstraintError(`${place.locate(label)} cannot hold ${value} with ${scale} digits after the point`)
  }
  return {
    kind,
    sqltype: 'INTEGER',
    encode,
    encodeOperand: (value, place, label) => {
      if (value instanceof Decimal && !value.rescale(scale).equals(value))
        throw new ConstraintError(`${place.locate(label)} takes at most ${scale} digits after the point, not ${value}`)
      return encode(value, place, label)
    },
    decode: (stored, place, label) => Decimal.scaled(decodeBigint(stored, place, label), scale),
  }
}

import type { Attribute } from '../../src/store-engine/attributes/attribute.js'
import {
  bigInteger,
  boolean,
  bytes,
  real,
  text,
  textList,
  timestamp,
} from '../../src/store-engine/attributes/attributes.js'
import { type DecimalScale, money, pointDecimal } from '../../src/store-engine/attributes/decimal-attribute.js'
import { path } from '../../src/store-engine/attributes/path-attribute.js'
import { reference } from '../../src/store-engine/attributes/reference.js'
import { Timestamp } from '../../src/store-engine/attributes/timestamp.js'
import { type ItemConstructor, item } from '../../src/store-engine/items/item.js'
import type { AttributeOnDisk, TypeOnDisk } from '../../src/store-engine/schema/schema.js'

/** A typed class for whatever a store says it holds; not registered, since another version may be. */
export function classFromDisk({ typeName, version, module, attributes }: TypeOnDisk): ItemConstructor {
  const declared = Object.fromEntries(attributes.map(each => [each.name, attributeFor(each)]))
  return item({ typeName, version, module, attributes: declared }) as unknown as ItemConstructor
}

/** Values that fit where null does not. */
export function leastAttributes(type: TypeOnDisk): Record<string, unknown> {
  return Object.fromEntries(type.attributes.filter(each => !each.allowNull).map(each => [each.name, sampleOf(each)]))
}

function attributeFor({ kind, sqltype, indexed, allowNull }: AttributeOnDisk): Attribute {
  const options = { indexed, allowNull, caseSensitive: sqltype === 'TEXT' }
  const scale = /^point(\d+)decimal$/.exec(kind)?.[1]
  if (scale !== undefined) return pointDecimal(Number(scale) as DecimalScale, options)
  const made = {
    bytes,
    boolean,
    timestamp,
    path,
    money,
    text,
    textlist: textList,
    ieee754_double: real,
    integer: bigInteger,
  }
  const factory: ((options: object) => unknown) | undefined = { ...made, reference }[kind]
  if (factory === undefined) throw new Error(`no attribute type for ${kind}`)
  return factory(options) as Attribute
}

function sampleOf({ kind, name }: AttributeOnDisk): unknown {
  const samples: Record<string, unknown> = {
    text: 'sample',
    integer: 7n,
    boolean: true,
    timestamp: Timestamp.fromMicroseconds(1n),
    bytes: Buffer.from('sample'),
    textlist: ['sample'],
  }
  if (!(kind in samples)) throw new Error(`no sample for ${name}, ${kind}`)
  return samples[kind]
}

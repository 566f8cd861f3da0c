/**
 * The letters of an endpoint string, as Twisted's `serverFromString` reads them: a word, then values, parted by colons;
 * a value may have a name before an equals sign. A backslash takes the meaning from the character behind it.
 *
 *     ssl:8443:privateKey=/etc/keys/site.pem:interface=\:\:1
 *
 * After a name and its equals sign, further equals signs are plain letters. What the values mean is told in `endpoint`.
 */
import { invalidEndpoint } from './port-errors.js'

export interface EndpointWords {
  /** The word in front: `tcp`. */
  readonly kind: string
  /** Values without a name, in their order. */
  readonly places: readonly string[]
  readonly named: ReadonlyMap<string, string>
}

/** @throws InvalidInputError (`ENDPOINT_INVALID`) for a backslash at the end, and for a name that is there twice. */
export function splitEndpoint(text: string): EndpointWords {
  const [[kind = ''] = [], ...rest] = fieldsOf(text)
  const places: string[] = []
  const named = new Map<string, string>()
  for (const [first = '', second] of rest) {
    if (second === undefined) places.push(first)
    else if (named.has(first)) throw invalidEndpoint(text, `says ${first} twice`)
    else named.set(first, second)
  }
  return { kind, places, named }
}

/** What {@link splitEndpoint} reads as the same words. */
export function joinEndpoint({ kind, places, named }: EndpointWords): string {
  const pairs = [...named].map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
  return [escaped(kind), ...places.map(escaped), ...pairs].join(':')
}

/** Fields between colons; one with a name is a pair. */
function fieldsOf(text: string): readonly (readonly string[])[] {
  const fields: string[][] = []
  let field: string[] = ['']
  const characters = [...text]
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? ''
    if (character === ':') field = startField(fields, field)
    else if (character === '=' && field.length === 1) field.push('')
    else field.push((field.pop() ?? '') + (character === '\\' ? next(characters, ++index, text) : character))
  }
  startField(fields, field)
  return fields
}

function startField(fields: string[][], ended: string[]): string[] {
  fields.push(ended)
  return ['']
}

function next(characters: readonly string[], index: number, text: string): string {
  const character = characters[index]
  if (character === undefined) throw invalidEndpoint(text, 'ends with a backslash')
  return character
}

function escaped(value: string): string {
  return value.replace(/[\\:=]/g, character => `\\${character}`)
}

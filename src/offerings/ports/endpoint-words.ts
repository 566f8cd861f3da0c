import type { InvalidInputError } from '../../base/errors.js'
import { splitEndpoint } from './endpoint-syntax.js'
import { invalidEndpoint } from './port-errors.js'

/**
 * The values of an endpoint string by name, wherever they stand; every complaint names the string. Each value is asked for
 * once, and what nobody has asked for is refused at the end.
 */
export class EndpointWordReader {
  readonly #whole: string
  #values = new Map<string, string>()

  constructor(whole: string) {
    this.#whole = whole
  }

  /**
   * What `read` makes of the values.
   * @param order - the names of values that stand without one.
   */
  finish<T>(order: readonly string[], read: () => T): T {
    this.#values = this.#byName(order)
    const result = read()
    const [unread] = this.#values.keys()
    if (unread !== undefined) throw this.wrong(`has ${unread}, which is not supported`)
    return result
  }

  /** Empty where it is not given. */
  text(name: string): string {
    const value = this.#values.get(name) ?? ''
    this.#values.delete(name)
    return value
  }

  portNumber(): number {
    const text = this.text('port')
    if (text === '') throw this.wrong('has no port number')
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
      throw this.wrong(`has ${text} where a port number is expected`)
    return Number(text)
  }

  count(name: string, fallback: number): number {
    const text = this.text(name)
    if (text === '') return fallback
    if (!/^[1-9]\d{0,4}$/.test(text)) throw this.wrong(`has a ${name} that is no number from 1 to 99999`)
    return Number(text)
  }

  /** Octal, as `chmod` reads it. */
  mode(name: string, fallback: number): number {
    const text = this.text(name)
    if (text === '') return fallback
    if (!/^0?[0-7]{1,3}$/.test(text)) throw this.wrong(`has a ${name} that is none, such as 660`)
    return Number.parseInt(text, 8)
  }

  /** For what is accepted and means nothing here. */
  match(name: string, pattern: RegExp): void {
    const text = this.text(name)
    if (!pattern.test(text)) throw this.wrong(`has the ${name} ${text}, which is unknown`)
  }

  wrong(why: string): InvalidInputError {
    return invalidEndpoint(this.#whole, why)
  }

  #byName(order: readonly string[]): Map<string, string> {
    const { places, named } = splitEndpoint(this.#whole)
    const all = new Map(named)
    for (const name of named.keys()) if (!order.includes(name)) throw this.wrong(`has ${name}, which is unknown`)
    for (const [index, value] of places.entries()) {
      const name = order[index]
      if (name === undefined) throw this.wrong(`has too many values`)
      if (all.has(name)) throw this.wrong(`says ${name} twice`)
      all.set(name, value)
    }
    return all
  }
}

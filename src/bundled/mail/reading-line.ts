import { BusyError } from '../../index.js'

/** Messages that one person may be reading, or waiting for, at once. */
const MOST_OF_ONE = 4

/**
 * Lets messages be understood one after the other. One may take most of a second and a multiple of its size in memory, so
 * a hundred that are asked for at once would stop the node; as it is, others are served in between.
 */
export class ReadingLine {
  readonly #ofPerson = new Map<string, number>()
  #last: Promise<unknown> = Promise.resolve()

  /** @throws BusyError when `person` has several that are not done yet; nothing is read. */
  async inTurn<T>(person: string, read: () => Promise<T>): Promise<T> {
    const count = this.#ofPerson.get(person) ?? 0
    if (count >= MOST_OF_ONE) throw new BusyError('other messages are being read, try again in a moment')
    this.#ofPerson.set(person, count + 1)
    const turn = this.#last.then(read)
    this.#last = turn.catch(() => {})
    try {
      return await turn
    } finally {
      this.#leave(person)
    }
  }

  #leave(person: string): void {
    const left = (this.#ofPerson.get(person) ?? 1) - 1
    if (left > 0) this.#ofPerson.set(person, left)
    else this.#ofPerson.delete(person)
  }
}

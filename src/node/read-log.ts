import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** Bytes read at a time. */
const BLOCK = 65_536
/** Milliseconds between two looks for more. */
const PAUSE = 200

export interface LogEnd {
  readonly lines: readonly string[]
  /** Up to where the file was read; 0 where there is none. */
  readonly size: number
}

/** The last lines of a log that are to be shown, the oldest first; from the file before it, where it is a young one. */
export function lastLogLines(file: string, most: number, isShown: (line: string) => boolean): LogEnd {
  const { lines, size } = readEnd(file, most, isShown)
  if (lines.length >= most) return { lines, size }
  return { lines: [...readEnd(`${file}.1`, most - lines.length, isShown).lines, ...lines], size }
}

/** What was kept, then what comes; the file may be replaced meanwhile. Ends when the signal is aborted. */
export async function* followLog(
  file: string,
  from: { readonly kept: LogEnd; readonly isShown: (line: string) => boolean; readonly signal: AbortSignal },
): AsyncGenerator<string> {
  yield* from.kept.lines
  const tail = new Tail(file, from.kept.size)
  try {
    while (!from.signal.aborted) {
      for (const line of tail.news()) if (from.isShown(line)) yield line
      await setTimeout(PAUSE, undefined, { signal: from.signal }).catch(() => {})
    }
  } finally {
    tail.close()
  }
}

/** Reads on where it has stopped, to the end of a file that was moved away and then in the new one. */
class Tail {
  readonly #file: string
  #descriptor: number | undefined
  #position: number
  #begun = ''

  constructor(file: string, position: number) {
    this.#file = file
    this.#descriptor = openOr(file)
    this.#position = position
  }

  *news(): Generator<string> {
    yield* this.#rest()
    if (!this.#isReplaced()) return
    this.close()
    this.#descriptor = openOr(this.#file)
    this.#position = 0
    yield* this.#rest()
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  *#rest(): Generator<string> {
    if (this.#descriptor === undefined) return
    if (fstatSync(this.#descriptor).size < this.#position) this.#position = 0
    const buffer = Buffer.alloc(BLOCK)
    for (;;) {
      const count = readSync(this.#descriptor, buffer, 0, BLOCK, this.#position)
      if (count === 0) return
      this.#position += count
      const lines = (this.#begun + buffer.toString('latin1', 0, count)).split('\n')
      this.#begun = lines.pop() ?? ''
      for (const line of lines) yield utf8(line)
    }
  }

  #isReplaced(): boolean {
    const now = statSync(this.#file, { throwIfNoEntry: false })
    if (now === undefined) return false
    return this.#descriptor === undefined || fstatSync(this.#descriptor).ino !== now.ino
  }
}

/** From the end, block by block, so that a long log costs no more than a short one. */
function readEnd(file: string, most: number, isShown: (line: string) => boolean): LogEnd {
  const descriptor = openOr(file)
  if (descriptor === undefined) return { lines: [], size: 0 }
  try {
    const { size } = fstatSync(descriptor)
    const found: string[] = []
    let begun = ''
    for (let end = size; end > 0 && found.length < most; end -= BLOCK) {
      const start = Math.max(0, end - BLOCK)
      const buffer = Buffer.alloc(end - start)
      readSync(descriptor, buffer, 0, buffer.length, start)
      const lines = (buffer.toString('latin1') + begun).split('\n')
      begun = start === 0 ? '' : (lines.shift() ?? '')
      found.unshift(
        ...lines
          .filter(line => line !== '')
          .map(utf8)
          .filter(isShown),
      )
    }
    return { lines: most === 0 ? [] : found.slice(-most), size }
  } finally {
    closeSync(descriptor)
  }
}

/** Blocks may end within a character, so bytes are kept apart until a line is whole. */
function utf8(line: string): string {
  return Buffer.from(line, 'latin1').toString('utf8')
}

function openOr(file: string): number | undefined {
  try {
    return openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

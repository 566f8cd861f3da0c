/** For the processes of the matrix: hearing orders without an event loop, and telling what was done. */
import { readlinkSync, readSync, writeSync } from 'node:fs'

/** Reads lines of JSON; while it waits for one, this process does nothing else. */
export class Orders {
  #rest = ''
  #buffer = Buffer.alloc(65_536)

  /** Orders for a process that was killed before it read them are left out. Undefined when there are no more. */
  next() {
    for (;;) {
      const end = this.#rest.indexOf('\n')
      if (end >= 0) {
        const order = JSON.parse(this.#rest.slice(0, end))
        this.#rest = this.#rest.slice(end + 1)
        if (order.pid === ownPid()) return order
        continue
      }
      const bytes = readSync(0, this.#buffer)
      if (bytes === 0) return undefined
      this.#rest += this.#buffer.toString('utf8', 0, bytes)
    }
  }
}

export function tell(message) {
  writeSync(1, `${JSON.stringify(message)}\n`)
}

/** Gives `fail-at.c` a command, and returns what it answers. */
export function steer(command) {
  return readlinkSync(`/fail-at/${command}`)
}

/** At once, and nothing is put in order. */
export function die() {
  steer('die')
}

/** Tells that this process can be given orders, and which it is: a child that was forked takes itself for its parent. */
export function tellReady() {
  tell({ ready: true, pid: ownPid() })
}

function ownPid() {
  return Number(readlinkSync('/proc/self'))
}

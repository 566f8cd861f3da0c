import { statSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { UnavailableError } from '../../base/errors.js'
import type { JsonValue } from '../../base/json.js'
import { stringifyJson } from '../../base/json.js'
import { readNodeFacts } from '../node-place.js'
import {
  type ControlAnswer,
  type ControlQuestion,
  type Greeting,
  LONGEST_ANSWER,
  siteMark,
} from './control-protocol.js'

/** Milliseconds. A node greets at once unless something stops it. */
export interface Patience {
  /** For the greeting. Default 1000. */
  readonly greeting?: number
  /** For the answer. Default 30000. */
  readonly answer?: number
}

export interface NodeAnswer<T> {
  readonly pid: number
  readonly answer: T
}

/**
 * Asks the node that runs for a site.
 *
 * @returns undefined where no node of this site is there to be asked.
 * @throws NodeSilentError where one is and does not answer in time, or answers with a failure.
 */
export async function askNode<T extends JsonValue>(
  siteDirectory: string,
  ask: ControlQuestion,
  patience: Patience = {},
): Promise<NodeAnswer<T> | undefined> {
  const facts = readNodeFacts(siteDirectory)
  if (facts === undefined || !isInPrivateDirectory(siteDirectory, facts.socket)) return undefined
  using lines = await Conversation.open(facts.socket, siteDirectory)
  if (lines === undefined) return undefined
  const greeting = (await lines.next(patience.greeting ?? 1000)) as Greeting | undefined
  if (greeting?.site !== siteMark(siteDirectory)) return undefined
  lines.say(stringifyJson({ ask }))
  const answer = (await lines.next(patience.answer ?? 30_000)) as ControlAnswer | undefined
  if (answer === undefined) throw new NodeSilentError(siteDirectory, 'it went away before it answered')
  if ('error' in answer) throw new NodeFailedError(siteDirectory, answer.error)
  return { pid: greeting.pid, answer: answer.answer as T }
}

/** The node did not answer. What it does is not known; the store is as it is. */
export class NodeSilentError extends UnavailableError {
  constructor(siteDirectory: string, why: string) {
    super(`the node of ${siteDirectory} does not answer: ${why}`, {
      code: 'NODE_SILENT',
      hint: 'see what it does: mantissa status, mantissa logs; end it: mantissa stop --kill',
      details: { site: siteDirectory },
    })
  }
}

/** The node has tried what it was asked, and says why it could not. */
export class NodeFailedError extends UnavailableError {
  constructor(siteDirectory: string, failure: { readonly code: string; readonly message: string }) {
    super(`the node of ${siteDirectory} could not do it: ${failure.message}`, {
      code: 'NODE_FAILED',
      hint: 'its log says more: mantissa logs',
      details: { site: siteDirectory, failure: { ...failure } },
    })
  }
}

/** In a directory of the site's owner, or of root's; what a stranger has put at that path is not spoken to. */
function isInPrivateDirectory(siteDirectory: string, socket: string): boolean {
  try {
    const { uid, mode } = statSync(dirname(socket))
    return (uid === 0 || uid === statSync(siteDirectory).uid) && (mode & 0o022) === 0
  } catch {
    return false
  }
}

/** Lines of JSON in both directions. */
class Conversation implements Disposable {
  readonly #socket: Socket
  readonly #site: string
  #heard = ''
  #isOver = false
  #wake: () => void = () => {}

  private constructor(socket: Socket, site: string) {
    this.#socket = socket
    this.#site = site
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      this.#heard += chunk
      if (this.#heard.length > LONGEST_ANSWER) socket.destroy()
      this.#wake()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#isOver = true
      this.#wake()
    })
  }

  /** Undefined where nobody listens. */
  static open(path: string, site: string): Promise<Conversation | undefined> {
    return new Promise(resolve => {
      const socket = createConnection(path)
      const conversation = new Conversation(socket, site)
      socket.once('connect', () => resolve(conversation))
      socket.once('error', () => resolve(undefined))
    })
  }

  say(line: string): void {
    this.#socket.write(`${line}\n`)
  }

  /** The next line; undefined where the other has gone. @throws NodeSilentError after `milliseconds`. */
  async next(milliseconds: number): Promise<unknown> {
    const end = performance.now() + milliseconds
    while (!this.#heard.includes('\n') && !this.#isOver) {
      const left = end - performance.now()
      if (left <= 0) throw new NodeSilentError(this.#site, `it has said nothing for ${milliseconds / 1000} s`)
      await this.#news(left)
    }
    const length = this.#heard.indexOf('\n')
    if (length < 0) return undefined
    const line = this.#heard.slice(0, length)
    this.#heard = this.#heard.slice(length + 1)
    return parsed(line)
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }

  #news(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

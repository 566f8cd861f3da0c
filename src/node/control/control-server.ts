import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { giveToOwnerOf, removeIfPossible } from '../../base/atomic-file.js'
import { MantissaError } from '../../base/errors.js'
import { type JsonValue, stringifyJson } from '../../base/json.js'
import { ownPid, privately, systemTemporaryDirectory } from '../../base/this-process.js'
import { controlDirectory, makeControlDirectory } from '../node-place.js'
import { type ControlAnswer, type ControlQuestion, LONGEST_QUESTION, siteMark } from './control-protocol.js'

/** What is done for each question. */
export type ControlDeeds = Readonly<Record<ControlQuestion, () => JsonValue | Promise<JsonValue>>>

/** Bytes of a socket's path; Node cuts a longer one off and says nothing. */
const LONGEST_PATH = 100
/** Milliseconds for whoever connects to ask. */
const PATIENCE = 5000

/**
 * The socket at which a node can be spoken to. To be opened by whoever holds the node's lock: what lies at its place is
 * then of a node that is gone, and is replaced.
 */
export class ControlServer {
  readonly path: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #ownDirectory: string | undefined

  private constructor(path: string, server: Server, ownDirectory: string | undefined) {
    this.path = path
    this.#server = server
    this.#ownDirectory = ownDirectory
    server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  static async open(siteDirectory: string, version: string, deeds: ControlDeeds): Promise<ControlServer> {
    makeControlDirectory(siteDirectory)
    const { path, ownDirectory } = placeFor(siteDirectory)
    removeIfPossible(path)
    const greeting = { mantissa: version, site: siteMark(siteDirectory), pid: ownPid() }
    const server = createServer(socket => serve(socket, stringifyJson(greeting), deeds))
    const control = new ControlServer(path, server, ownDirectory)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      privately(() => server.listen(path, resolve))
    })
    giveToOwnerOf(siteDirectory, path)
    return control
  }

  /** No question is heard any more; those that were asked are cut off. */
  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.destroySoon()
    setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy()
    }, 200).unref()
    await closed
    removeIfPossible(this.path)
    if (this.#ownDirectory !== undefined) rmSync(this.#ownDirectory, { recursive: true, force: true })
  }
}

/** In the site, or where its path is too long for a socket in a directory of its own that is named there. */
function placeFor(siteDirectory: string): { readonly path: string; readonly ownDirectory?: string | undefined } {
  const path = join(controlDirectory(siteDirectory), 'node.sock')
  if (Buffer.byteLength(path) <= LONGEST_PATH) return { path, ownDirectory: undefined }
  const ownDirectory = mkdtempSync(join(systemTemporaryDirectory(), 'mantissa-'))
  giveToOwnerOf(siteDirectory, ownDirectory)
  return { path: join(ownDirectory, 'node.sock'), ownDirectory }
}

function serve(socket: Socket, greeting: string, deeds: ControlDeeds): void {
  let heard = ''
  socket.setEncoding('utf8').setTimeout(PATIENCE, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.write(`${greeting}\n`)
  socket.on('data', (chunk: string) => {
    heard += chunk
    if (heard.length > LONGEST_QUESTION) socket.destroy()
    else if (heard.includes('\n')) {
      socket.setTimeout(0)
      socket.removeAllListeners('data')
      void answerTo(heard, deeds).then(answer => socket.end(`${stringifyJson(answer)}\n`))
    }
  })
}

async function answerTo(line: string, deeds: ControlDeeds): Promise<ControlAnswer> {
  const asked = questionIn(line)
  const deed = Object.hasOwn(deeds, asked) ? deeds[asked as ControlQuestion] : undefined
  if (deed === undefined) return { error: { code: 'INVALID_INPUT', message: 'the node does not know what was asked' } }
  try {
    return { answer: await deed() }
  } catch (error) {
    const code = error instanceof MantissaError ? error.code : 'UNEXPECTED'
    return { error: { code, message: error instanceof Error ? error.message : String(error) } }
  }
}

function questionIn(line: string): string {
  try {
    return String((JSON.parse(line) as { readonly ask?: unknown } | null)?.ask)
  } catch {
    return ''
  }
}

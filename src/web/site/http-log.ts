import { appendFile } from 'node:fs/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { clientAddress } from '../client-address.js'
import type { Web } from '../web.js'

/** Milliseconds for which lines are held back, and how many characters at most. */
const HELD_FOR = 500
const MOST_HELD = 1024 ** 2

/**
 * Requests in a file, in the combined format that web servers share, where the site's configuration names one.
 *
 * The file is opened anew for what was logged in half a second, so it may be renamed or removed at any time by whoever
 * rotates logs, and no signal is needed. A file that cannot be written loses its lines and nobody waits for it; the
 * node's own log says so, once until it works again.
 */
class HttpLog {
  readonly #web: Web
  #held = ''
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> = Promise.resolve()
  #isBroken = false

  constructor(web: Web) {
    this.#web = web
  }

  add(line: string): void {
    if (this.#held.length < MOST_HELD) this.#held += line
    this.#timer ??= setTimeout(() => void this.flush(), HELD_FOR).unref()
  }

  /** Resolves when all is written that was logged before. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = this.#held
    this.#held = ''
    this.#writing = this.#writing.then(() => this.#write(text))
    return this.#writing
  }

  async #write(text: string): Promise<void> {
    const { httpLog } = this.#web.facts
    if (httpLog === null || text === '') return
    try {
      await appendFile(httpLog, text, { mode: 0o600 })
      this.#isBroken = false
    } catch (error) {
      if (!this.#isBroken) this.#web.host.log.warn({ reason: String(error) }, 'requests could not be logged')
      this.#isBroken = true
    }
  }
}

export function registerHttpLog(app: FastifyInstance): void {
  const log = new HttpLog(app.web)
  app.addHook('onResponse', (request, reply, done) => {
    if (app.web.facts.httpLog !== null) log.add(logLine(request, reply, new Date()))
    done()
  })
  app.addHook('onClose', () => log.flush())
}

function logLine(request: FastifyRequest, reply: FastifyReply, now: Date): string {
  const { raw, headers, knownViewer } = request
  const user = knownViewer?.address ?? null
  const line = `${raw.method} ${request.originalUrl} HTTP/${raw.httpVersion}`
  const size = reply.getHeader('content-length') ?? '-'
  return `${plain(clientAddress(request))} - ${user === null ? '-' : plain(user)} [${when(now)}] "${quoted(line)}" ${reply.statusCode} ${size} "${quoted(headers.referer ?? '-')}" "${quoted(headers['user-agent'] ?? '-')}"\n`
}

/** `31/Jan/2026:09:30:00 +0000` */
function when(now: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(now.toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}

/** A stranger's text between quotes: it ends neither the quotes nor the line, and no terminal obeys it. */
function quoted(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) && !/["\\]/.test(text) ? text : escaped(text, /["\\]|[^\x20-\x7e]/g)
}

/** The same where a space ends it. */
function plain(text: string): string {
  return escaped(text, /["\\]|[^\x21-\x7e]/g)
}

function escaped(text: string, special: RegExp): string {
  return text.slice(0, 2000).replace(special, character => {
    const bytes = [...Buffer.from(character)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`)
    return bytes.join('')
  })
}

/**
 * The log of a node: one JSON object a line, with `time` (RFC 3339), `level` (a word), `msg`, `service` where there is
 * one, and whatever facts belong to it. JSON, so that what strangers send can break no line.
 *
 * The file is replaced when it has grown (`mantissa.log`, `mantissa.log.1`, …), so a node that nobody looks at cannot fill
 * the disk with it; whoever prefers logrotate sends SIGHUP after it, and the file is opened anew. Values under the names
 * of secrets are never written, whoever passes them.
 */
import { lstatSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Writable } from 'node:stream'
import { type Logger, multistream, pino, type StreamEntry, stdTimeFunctions } from 'pino'
import { createStream, type RotatingFileStream } from 'rotating-file-stream'
import { giveToOwnerOf, makeDirectory } from '../base/atomic-file.js'
import type { JsonObject } from '../base/json.js'
import type { ServiceLog } from '../offerings/services.js'
import { assertOwnPlace } from './node-place.js'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A file of 10 MB and nine older ones. */
const SIZE = '10M'
const OLDER = 9

const SECRETS = [
  ...['password', 'passwordHash', 'secret', 'token', 'cookie', 'authorization', 'apiKey', 'sessionKey', 'privateKey'],
  ...['set-cookie', 'csrf', '_csrf'],
]
const REDACTED = SECRETS.flatMap(name => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])

export interface NodeLogOptions {
  /** Absolute; its directory is made where it is missing. Undefined: no file. */
  readonly file?: string | undefined
  /** Whoever owns it is to own the file. */
  readonly site: string
  readonly level: LogLevel
  /** Written to as well. */
  readonly echo?: Writable | undefined
}

export class NodeLog implements ServiceLog {
  readonly #logger: Logger
  readonly #file: LogFile | undefined

  private constructor(logger: Logger, file?: LogFile) {
    this.#logger = logger
    this.#file = file
  }

  /** @throws what making the directory or the file throws. */
  static open({ file, site, level, echo }: NodeLogOptions): NodeLog {
    const opened = file === undefined ? undefined : new LogFile(file, site)
    const streams: StreamEntry[] = []
    if (opened !== undefined) streams.push({ level, stream: opened.stream })
    if (echo !== undefined) streams.push({ level, stream: echo })
    return new NodeLog(pino(LOGGING(level), multistream(streams)), opened)
  }

  debug(facts: JsonObject, sentence: string): void {
    this.#logger.debug(facts, sentence)
  }

  info(facts: JsonObject, sentence: string): void {
    this.#logger.info(facts, sentence)
  }

  warn(facts: JsonObject, sentence: string): void {
    this.#logger.warn(facts, sentence)
  }

  error(facts: Readonly<Record<string, unknown>>, sentence: string): void {
    this.#logger.error(facts, sentence)
  }

  child(facts: JsonObject): ServiceLog {
    return new NodeLog(this.#logger.child(facts))
  }

  /** After somebody has moved the file away. */
  reopen(): void {
    this.#file?.reopen()
  }

  /** Resolves when all lines are with the system. */
  async close(): Promise<void> {
    await this.#file?.close()
  }
}

const LOGGING = (level: LogLevel) => ({
  level,
  base: null,
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (label: string) => ({ level: label }) },
  redact: { paths: REDACTED, censor: '(not logged)' },
})

/** A file that is replaced when it has grown. */
class LogFile {
  readonly #path: string
  readonly #site: string
  #stream: RotatingFileStream

  constructor(path: string, site: string) {
    this.#path = path
    this.#site = site
    assertOwnPlace(site, path)
    const directory = dirname(path)
    const isNew = lstatSync(directory, { throwIfNoEntry: false }) === undefined
    makeDirectory(directory)
    if (isNew) giveToOwnerOf(site, directory)
    this.#stream = this.#open()
  }

  get stream(): Writable {
    return { write: (line: string) => this.#stream.write(line) } as Writable
  }

  reopen(): void {
    const before = this.#stream
    this.#stream = this.#open()
    before.end()
  }

  close(): Promise<void> {
    return new Promise(resolve => this.#stream.end(() => resolve()))
  }

  #open(): RotatingFileStream {
    assertOwnPlace(this.#site, this.#path)
    const name = basename(this.#path)
    const nameOf = (index: number | Date): string => (index === 0 || index === null ? name : `${name}.${index}`)
    const stream = createStream(nameOf, { path: dirname(this.#path), size: SIZE, rotate: OLDER, mode: 0o600 })
    // A full disk must not end the node: what cannot be logged is lost.
    stream.on('error', () => {})
    stream.on('open', file => giveToOwnerOf(this.#site, file))
    return stream
  }
}

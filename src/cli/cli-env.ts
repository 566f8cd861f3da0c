/**
 * What the command line needs from the machine: the port between `cli/` and the process it runs in.
 *
 * Nothing below `cli/` reads `process`, the console or the terminal. The one adapter is `system-env.ts`; tests have
 * another that keeps everything in memory. So every promise about streams, prompts and Ctrl-C can be tested
 * without a terminal.
 */
import type { Readable, Writable } from 'node:stream'
import type { Clock } from '../base/clock.js'

export interface OutputStream {
  readonly isTerminal: boolean
  /** Width in characters; 80 where it cannot be known. */
  readonly columns: number
  /**
   * Resolves when the system has taken the data and Ctrl-C, if it came meanwhile, has been heard: a list that is written
   * without waiting for anything else can be stopped. @throws OutputClosedError when the reader has gone.
   */
  write(data: string | Uint8Array): Promise<void>
  /** For long binary results such as an archive. */
  stream(): Writable
  /** For code that Ctrl-C may stop anywhere, also within a write: the others can still write afterwards. */
  console(): Console
}

export interface InputStream {
  readonly isTerminal: boolean
  stream(): Readable
}

/** Questions to a person. Each rejects with InterruptedError on Ctrl-C. Answers are not checked here. */
export interface Prompts {
  password(question: string): Promise<string>
  confirm(question: string): Promise<boolean>
  text(question: string): Promise<string>
}

export interface Interruption {
  /** Aborted by the first Ctrl-C after {@link Interruption.announce}. */
  readonly signal: AbortSignal
  /**
   * Until the result is disposed, Ctrl-C prints `message` and aborts the signal, and the deed is expected to stop
   * at its next safe place; a second Ctrl-C ends the process. Without an announcement the first one ends it.
   */
  announce(message: string): Disposable
  /**
   * Until the result is disposed, Ctrl-C ends the process at once and without a word, as a signal does. For native code
   * that may never come back, such as a statement of SQLite that a person has typed; only where the death of the process
   * leaves nothing behind that the next one does not put right.
   */
  yieldToSignals(): Disposable
}

/** For a verb that runs until somebody ends it. */
export interface Lifetime {
  /**
   * Until the result is disposed, the first signal that asks the process to end (SIGTERM, SIGINT) calls `stop`, and a
   * second one ends it at once; SIGHUP calls `reload`.
   */
  listen(listeners: { readonly stop: (signal: string) => void; readonly reload: () => void }): Disposable
  /** The verb is over: whatever keeps the process alive may do so for that long. */
  endWithin(milliseconds: number): void
}

/** Who types, for the audit log. */
export interface Actor {
  readonly uid: number | null
  readonly user: string
  readonly sudoUser: string | null
  readonly host: string
}

export interface CliEnv {
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly currentDirectory: string
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly prompts: Prompts
  readonly interruption: Interruption
  readonly lifetime: Lifetime
  readonly clock: Clock
  actor(): Actor
}

/** The reader of our output has gone (`| head`): no failure, there is only nobody left to tell. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError'
}

/** Ctrl-C. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
  /** What to run to go on; empty where there is nothing to advise. */
  readonly hint: string

  constructor(message: string, options: { readonly hint?: string } = {}) {
    super(message)
    this.hint = options.hint ?? ''
  }
}

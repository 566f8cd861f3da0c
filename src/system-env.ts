/**
 * The process, as the command line's port wants it (`cli/cli-env.ts`): the only reader of `process`, the terminal and
 * the machine's names. Everything is looked at when it is asked for, so that `--version` pays for none of it, and
 * inquirer is loaded only when a person must be asked.
 */
import { Console } from 'node:console'
import { writeSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import process from 'node:process'
import type { Writable } from 'node:stream'
import { setImmediate, setTimeout } from 'node:timers'
import { systemClock } from './base/clock.js'
import { UnavailableError } from './base/errors.js'
import { stringifyJson } from './base/json.js'
import {
  type Actor,
  type CliEnv,
  InterruptedError,
  type Interruption,
  type Lifetime,
  OutputClosedError,
  type OutputStream,
  type Prompts,
} from './cli/cli-env.js'

export function systemEnv(): CliEnv {
  process.on('uncaughtException', endOnStrayFailure)
  process.on('beforeExit', endOnVainWaiting)
  return {
    variables: process.env,
    currentDirectory: process.cwd(),
    stdin: {
      get isTerminal() {
        return process.stdin.isTTY === true
      },
      stream: () => process.stdin,
    },
    stdout: new ProcessOutput(() => process.stdout),
    stderr: new ProcessOutput(() => process.stderr),
    prompts: inquirerPrompts,
    interruption: new ProcessInterruption(),
    lifetime: processLifetime,
    clock: systemClock,
    actor,
  }
}

type FileOutput = NodeJS.WriteStream & { readonly fd: number }

class ProcessOutput implements OutputStream {
  readonly #open: () => FileOutput
  #opened: FileOutput | undefined

  constructor(open: () => FileOutput) {
    this.#open = open
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true
  }

  get columns(): number {
    return this.#stream.columns || Number(process.env['COLUMNS']) || 80
  }

  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      // To a file or pipe the system writes at once: without a turn of the event loop no signal would ever be heard.
      this.#stream.write(data, error => (error == null ? setImmediate(resolve) : reject(outputError(error))))
    })
  }

  stream(): Writable {
    return this.#stream
  }

  /** A stream of Node's that is stopped within a write never writes again. */
  console(): Console {
    const { fd } = this.#stream
    const write = { value: (text: string) => writeAtOnce(fd, text) }
    return new Console({ stdout: Object.create(this.#stream, { write }) as Writable, ignoreErrors: false })
  }

  /** A failed write is told to the writer; without a listener Node would end the process first. */
  get #stream(): FileOutput {
    this.#opened ??= this.#open().on('error', () => {})
    return this.#opened
  }
}

function writeAtOnce(fd: number, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(fd, rest))
    } catch (error) {
      // A terminal that another process has set not to block may be full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw outputError(error as NodeJS.ErrnoException)
    }
  }
}

function outputError(error: NodeJS.ErrnoException): Error {
  if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
    return new OutputClosedError('the reader has gone')
  return new UnavailableError(`the output cannot be written: ${error.message}`, {
    code: 'OUTPUT_FAILED',
    hint: 'make room, or send the output elsewhere',
    cause: error,
  })
}

/** A failure outside of every `await` (a stream, a timer, a promise nobody waits for) is a bug, and is told as one. */
function endOnStrayFailure(error: Error): void {
  endUnexpectedly(
    `unexpected failure: ${error.message}`,
    'this is a bug in mantissa: run it again with --debug and report what it prints',
    error.stack,
  )
}

/** Nothing is left that could happen, and the verb has not come to its end: it waits for a promise nobody will keep. */
function endOnVainWaiting(): void {
  if (process.exitCode !== undefined) return
  const hint = 'have the code keep its promises; where no code was given, this is a bug in mantissa to be reported'
  endUnexpectedly('what is waited for can never come', hint)
}

function endUnexpectedly(message: string, hint: string, stack = ''): never {
  const told = { error: { code: 'UNEXPECTED', message, hint, details: {} } }
  const asJson = process.argv.includes('--json') || process.argv.includes('--jsonl')
  process.stderr.write(asJson ? `${stringifyJson(told, 2)}\n` : `error: ${message}\ntry: ${hint}\n`)
  if (tellsStack) process.stderr.write(`at ${new Date().toISOString()}, process ${process.pid}\n`)
  if (tellsStack || process.argv.includes('--debug')) process.stderr.write(`${stack}\n`)
  process.exit(1)
}

/** Ctrl-C ends the process with status 130, unless a deed has announced that it will stop at a safe place. */
class ProcessInterruption implements Interruption {
  readonly #controller = new AbortController()
  readonly #listener = (): void => this.#interrupt()
  #announced: string | undefined

  constructor() {
    process.on('SIGINT', this.#listener)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  announce(message: string): Disposable {
    this.#announced = message
    return {
      [Symbol.dispose]: () => {
        this.#announced = undefined
      },
    }
  }

  yieldToSignals(): Disposable {
    process.off('SIGINT', this.#listener)
    return { [Symbol.dispose]: () => void process.on('SIGINT', this.#listener) }
  }

  #interrupt(): void {
    const first = !this.#controller.signal.aborted
    process.stderr.write(`\n${first && this.#announced !== undefined ? this.#announced : 'interrupted'}\n`)
    if (!first || this.#announced === undefined) process.exit(130)
    this.#controller.abort(new InterruptedError('interrupted'))
  }
}

/** Of what runs for months nobody can run it again to see the stack. */
let tellsStack = false

const processLifetime: Lifetime = {
  listen({ stop, reload }) {
    let asked = false
    tellsStack = true
    const end = (signal: NodeJS.Signals, number: number): void => {
      if (asked) process.exit(128 + number)
      asked = true
      stop(signal)
    }
    process.on('SIGTERM', end).on('SIGINT', end).on('SIGHUP', reload)
    return { [Symbol.dispose]: () => void process.off('SIGTERM', end).off('SIGINT', end).off('SIGHUP', reload) }
  },
  endWithin(milliseconds) {
    setTimeout(() => process.exit(), milliseconds).unref()
  },
}

/** ASCII only, and a password is shown by no key. */
const THEME = { prefix: { idle: '?', done: '?' }, style: { maskedText: '(not shown)' } }

/** Questions go to standard error: standard output is for results. */
const inquirerPrompts: Prompts = {
  password: message =>
    ask(prompt =>
      prompt([{ type: 'password', name: 'answer', message, mask: false, toggleMask: false, theme: THEME }]),
    ),
  confirm: message =>
    ask(prompt => prompt([{ type: 'confirm', name: 'answer', message, default: false, theme: THEME }])),
  text: message => ask(prompt => prompt([{ type: 'input', name: 'answer', message, theme: THEME }])),
}

type PromptModule = ReturnType<typeof import('inquirer').createPromptModule>

async function ask<Answer>(put: (prompt: PromptModule) => Promise<{ readonly answer: Answer }>): Promise<Answer> {
  const { createPromptModule } = await import('inquirer')
  try {
    return (await put(createPromptModule({ input: process.stdin, output: process.stderr }))).answer
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new InterruptedError('interrupted; nothing was changed')
    }
    throw error
  }
}

function actor(): Actor {
  return {
    uid: process.getuid?.() ?? null,
    user: userName(),
    sudoUser: process.env['SUDO_USER'] ?? null,
    host: hostname(),
  }
}

/** A user id without a name is common in containers. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}

import { Console } from 'node:console'
import { PassThrough, Readable, Writable } from 'node:stream'
import type { CliEnv, InputStream, OutputStream, Prompts } from '../../src/cli/cli-env.js'
import { OutputClosedError } from '../../src/cli/cli-env.js'

/** A stream that keeps what is written to it. */
export class KeptOutput implements OutputStream {
  isTerminal = false
  columns = 80
  /** After so many writes the reader is gone, as with `| head`. */
  closesAfter = Number.POSITIVE_INFINITY
  writes = 0
  text = ''

  async write(data: string | Uint8Array): Promise<void> {
    if (this.writes >= this.closesAfter) throw new OutputClosedError('closed')
    this.writes++
    this.text += typeof data === 'string' ? data : Buffer.from(data).toString('utf8')
  }

  stream(): Writable {
    const keep = (chunk: Buffer): void => {
      this.text += chunk.toString('utf8')
    }
    return new Writable({
      write(chunk: Buffer, _encoding, done) {
        keep(chunk)
        done()
      },
    })
  }

  console(): Console {
    return new Console(this.stream())
  }
}

/** Answers given beforehand, in the order of the questions; every question is kept. */
export class PreparedAnswers implements Prompts {
  readonly questions: string[] = []
  readonly #answers: (string | boolean)[]

  constructor(answers: readonly (string | boolean)[] = []) {
    this.#answers = [...answers]
  }

  async password(question: string): Promise<string> {
    return String(this.#next(question))
  }

  async text(question: string): Promise<string> {
    return String(this.#next(question))
  }

  async confirm(question: string): Promise<boolean> {
    return this.#next(question) === true
  }

  #next(question: string): string | boolean {
    this.questions.push(question)
    const answer = this.#answers.shift()
    if (answer === undefined) throw new Error(`nobody expected to be asked: ${question}`)
    return answer
  }
}

export interface FakeEnv extends CliEnv {
  readonly stdout: KeptOutput
  readonly stderr: KeptOutput
  readonly prompts: PreparedAnswers
  /** Microseconds; tests move it. */
  now: bigint
}

export interface FakeEnvOptions {
  readonly stdin?: string
  readonly terminal?: boolean
  readonly answers?: readonly (string | boolean)[]
  readonly variables?: Readonly<Record<string, string>>
  readonly currentDirectory?: string
}

/** An environment in memory. With `terminal`, all three streams are terminals of 80 columns. */
export function fakeEnv(options: FakeEnvOptions = {}): FakeEnv {
  const stdout = new KeptOutput()
  const stderr = new KeptOutput()
  stdout.isTerminal = stderr.isTerminal = options.terminal === true
  const stdin: InputStream = {
    isTerminal: options.terminal === true,
    stream: () => (options.stdin === undefined ? new PassThrough().end() : Readable.from([Buffer.from(options.stdin)])),
  }
  const env: FakeEnv = {
    variables: options.variables ?? {},
    currentDirectory: options.currentDirectory ?? '/nowhere',
    stdin,
    stdout,
    stderr,
    prompts: new PreparedAnswers(options.answers),
    interruption: {
      signal: new AbortController().signal,
      announce: () => ({ [Symbol.dispose]() {} }),
      yieldToSignals: () => ({ [Symbol.dispose]() {} }),
    },
    lifetime: { listen: () => ({ [Symbol.dispose]() {} }), endWithin() {} },
    clock: () => env.now,
    now: 1_767_225_600_000_000n,
    actor: () => ({ uid: 1000, user: 'tester', sudoUser: null, host: 'testhost' }),
  }
  return env
}

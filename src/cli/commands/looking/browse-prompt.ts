/** The prompt: Node's own, with the names of the session in it and the transactions of the session behind every line. */
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { type REPLServer, Recoverable, start } from 'node:repl'
import type { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import type { Context } from 'node:vm'
import { MantissaError } from '../../../base/errors.js'
import { InterruptedError } from '../../cli-env.js'
import type { CommandContext } from '../../command-context.js'
import { note } from '../../command-context.js'
import { printable, printableLines } from '../../printer/printable.js'
import type { BrowseOptions } from './browse.js'
import type { BrowseSession } from './browse-session.js'
import { EvaluationError, isUnfinished } from './evaluate.js'
import { IdleTimer } from './idle-timer.js'
import { giveUpBusyLineAtCtrlC, keepWhatIsTypedAhead, promptNoMoreAfterTheEnd } from './prompt-server.js'
import { resultAsText } from './shown-result.js'

/** Talks with a person until they leave; a transaction that is open then is reverted. */
export async function converse(session: BrowseSession, options: BrowseOptions, context: CommandContext): Promise<void> {
  await note(context, banner(session))
  const prompt = new Prompt(session, options, context)
  await prompt.untilLeft()
  if (session.isBusy && !session.store.readonly) await tell(context, 'the line that was waiting has changed nothing')
  if (session.revertOpen()) await tell(context, 'reverted the transaction that was open')
}

class Prompt {
  readonly #session: BrowseSession
  readonly #context: CommandContext
  readonly #server: REPLServer
  readonly #input: Readable & { setRawMode?: (raw: boolean) => void }
  readonly #idle: IdleTimer
  /** Lines run one after the other, also where one waits for a promise. */
  #last: Promise<void> = Promise.resolve()

  constructor(session: BrowseSession, options: BrowseOptions, context: CommandContext) {
    this.#session = session
    this.#context = context
    this.#input = context.env.stdin.stream()
    this.#idle = new IdleTimer(options.revertAfter, () => void this.#revertIdle())
    this.#server = start({
      prompt: promptOf(session),
      input: this.#input,
      output: context.env.stdout.stream(),
      terminal: true,
      ignoreUndefined: true,
      writer: value => resultAsText(value, context),
      eval: (code, scope, _file, done) => {
        this.#last = this.#last.then(() => this.#run(code, scope, done))
      },
    })
    this.#fill(this.#server.context)
    this.#server.on('reset', (scope: Context) => this.#fill(scope))
    giveUpBusyLineAtCtrlC(this.#server, session)
    keepWhatIsTypedAhead(this.#server)
    promptNoMoreAfterTheEnd(this.#server)
    this.#input.on('keypress', () => this.#idle.touch())
    const history = historyFile(options, context)
    if (history !== undefined) this.#server.setupHistory(history, () => {})
  }

  async untilLeft(): Promise<void> {
    await once(this.#server, 'exit')
    this.#idle.stop()
    // A line that came together with Ctrl-D is finished by then; one that waits for a promise is not waited for.
    await setImmediate()
  }

  #fill(scope: Context): void {
    Object.assign(scope, { console: this.#context.env.stdout.console() }, this.#session.scope())
  }

  async #run(code: string, scope: Context, done: (error: Error | null, result?: unknown) => void): Promise<void> {
    try {
      const result = await this.#begin(code, scope)
      this.#finishLine()
      done(null, result)
    } catch (error) {
      this.#finishLine()
      if (isUnfinished(error, code)) done(new Recoverable((error as EvaluationError).cause as SyntaxError))
      else done(null, await this.#tellError(error))
    }
  }

  /** Ctrl-C can stop code that does not come back only where the terminal makes a signal of it. */
  #begin(code: string, scope: Context): Promise<unknown> {
    if (!this.#session.store.readonly) this.#idle.start()
    this.#input.setRawMode?.(false)
    try {
      return this.#session.run(code, scope)
    } finally {
      this.#input.setRawMode?.(true)
    }
  }

  #finishLine(): void {
    this.#server.setPrompt(promptOf(this.#session))
    if (this.#session.isInTransaction) this.#idle.start()
    else this.#idle.stop()
  }

  async #tellError(error: unknown): Promise<void> {
    if (error instanceof InterruptedError) return await tell(this.#context, 'interrupted; the line has changed nothing')
    const { message, hint } = error instanceof MantissaError ? error : { message: String(error), hint: '' }
    const advice = hint === '' || error instanceof EvaluationError ? '' : `\ntry: ${printable(hint)}`
    await tell(this.#context, `error: ${printable(message)}${advice}`)
    const { debug } = this.#context.options
    if (debug && error instanceof Error) await tell(this.#context, printableLines(inspect(error.cause ?? error)))
  }

  /** A person at lunch must not block the site; neither must a line that waits for what does not come. */
  async #revertIdle(): Promise<void> {
    if (this.#session.isBusy) return this.#session.giveUpLine()
    if (!this.#session.revertOpen()) return
    await tell(this.#context, `\nnothing was typed for ${this.#idle.seconds} s: reverted the transaction`)
    this.#server.setPrompt(promptOf(this.#session))
    this.#server.displayPrompt()
  }
}

function banner({ store }: BrowseSession): string {
  const how = store.readonly
    ? 'read-only; with --write lines can change it'
    : 'every line is a transaction; begin(), commit() and revert() make one of several lines'
  return `${store.describe()}: ${how}. Ctrl-D leaves.`
}

function promptOf({ store, isInTransaction }: BrowseSession): string {
  if (store.readonly) return 'mantissa> '
  return isInTransaction ? 'mantissa (transaction)> ' : 'mantissa (write)> '
}

/** Undefined where none is wanted, or there is no home for it. Node makes it with the mode 0600. */
function historyFile({ history, historyFile: named }: BrowseOptions, { env }: CommandContext): string | undefined {
  if (!history) return undefined
  if (named !== undefined) return resolve(env.currentDirectory, named)
  const home = env.variables['HOME']
  return home === undefined || home === '' ? undefined : join(home, '.mantissa-browser-history')
}

async function tell({ env }: CommandContext, text: string): Promise<void> {
  await env.stderr.write(`${text}\n`)
}

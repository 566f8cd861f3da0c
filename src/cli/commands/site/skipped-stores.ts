import { StoresSkippedError } from '../../../upkeep/errors.js'
import { SkippedStore } from '../../../upkeep/every-store.js'
import type { CommandContext } from '../../command-context.js'
import { printableOn } from '../../printer/printable.js'

/** The stores that a verb on all stores leaves out: each is told of as it comes, and all of them are one error at the end. */
export class SkippedStores {
  readonly #context: CommandContext
  readonly #skipped: SkippedStore[] = []

  constructor(context: CommandContext) {
    this.#context = context
  }

  /** What was found in the other stores. */
  async *passOver<T>(found: Iterable<T | SkippedStore>): AsyncGenerator<T> {
    for (const each of found) {
      if (!(each instanceof SkippedStore)) yield each
      else {
        this.#skipped.push(each)
        await this.#tell(each)
      }
    }
  }

  /** To be called at the end. @throws StoresSkippedError where something was left out. */
  throwSome(): void {
    if (this.#skipped.length > 0) throw new StoresSkippedError(this.#skipped)
  }

  /** A part of the error, so `--quiet` does not silence it; with `--json` the one object of the error holds it. */
  async #tell({ place, error }: SkippedStore): Promise<void> {
    const { env, options } = this.#context
    if (options.json || options.jsonl) return
    await env.stderr.write(`${printableOn(env, env.stderr)(`${place.address ?? place.path}: ${error.message}`)}\n`)
  }
}

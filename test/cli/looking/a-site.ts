import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'vitest'
import { changeFence, ensureFence } from '../../../src/site/fence.js'
import { Store } from '../../../src/store-engine/store.js'
import { cloneFixture } from '../../support/fixtures.js'
import { type Finished, mantissa, type RunOptions } from '../../support/mantissa.js'

/** A site that the original wrote, for the running test alone, and how to run verbs on it. */
export class ASite {
  readonly directory = cloneFixture('divmod-site.axiom')
  readonly carol = join(this.directory, 'files/account/example.net/carol.axiom')

  get cwd(): string {
    return dirname(this.directory)
  }

  run(words: readonly string[], options: Partial<RunOptions> = {}): Promise<Finished> {
    return mantissa(words, { cwd: this.cwd, ...options })
  }

  /** Standard output of a verb that has to end well and has nothing to remark. */
  async output(...words: readonly string[]): Promise<string> {
    const { code, out, err } = await this.run(words)
    expect(`${code} ${err}`).toBe('0 ')
    return out
  }

  async json<T>(...words: readonly string[]): Promise<T> {
    return JSON.parse(await this.output(...words, '--json')) as T
  }

  /** The error that a verb ends with. */
  async failure(...words: readonly string[]): Promise<{ code: string; message: string; hint: string; exit: number }> {
    const { code, out, err } = await this.run([...words, '--json'])
    expect(out).toBe('')
    return {
      ...(JSON.parse(err) as { error: { code: string; message: string; hint: string } }).error,
      exit: code ?? -1,
    }
  }

  /** Path below the site → hash, of every database. */
  hashes(): Record<string, string> {
    const files = readdirSync(this.directory, { recursive: true, encoding: 'utf8' }).filter(each =>
      /\.sqlite$/.test(each),
    )
    const hash = (file: string) =>
      createHash('sha256')
        .update(readFileSync(join(this.directory, file)))
        .digest('hex')
    return Object.fromEntries(files.map(file => [file, hash(file)]))
  }

  sealCarol(): void {
    using store = Store.open(this.carol, { tolerateNewer: true })
    ensureFence(store, 'site')
    changeFence(store, {}, { state: 'sealed', transferId: 'T1' })
  }
}

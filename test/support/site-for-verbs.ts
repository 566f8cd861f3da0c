import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { runProgram } from '../../src/cli/run-program.js'
import { createSite } from '../../src/offerings/create-site.js'
import { createSiteStore, Site } from '../../src/site/site.js'
import { type FakeEnvOptions, fakeEnv } from './fake-env.js'
import { splitWords } from './mantissa.js'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A site on which verbs are run in this process; one for a test file. */
export class SiteForVerbs {
  readonly #root = realpathSync(mkdtempSync(join(tmpdir(), 'verbs-')))

  constructor() {
    beforeAll(async () => {
      await createSite(this.directory, { hostname: 'example.com' })
    })
    afterAll(() => rmSync(this.#root, { recursive: true }))
  }

  get directory(): string {
    return join(this.#root, 'site.axiom')
  }

  /** A path beside the site. */
  path(name: string): string {
    return join(this.#root, name)
  }

  /** The directory of a site without the base offering. */
  bareSite(): string {
    const directory = mkdtempSync(join(this.#root, 'bare-'))
    rmSync(directory, { recursive: true })
    createSiteStore(directory).close()
    return directory
  }

  /** Opens the site, and closes it after `deed`. */
  change<T>(deed: (site: Site) => T): T {
    using site = Site.open(this.directory)
    return deed(site)
  }

  /** As in a pipe. */
  async run(line: string, directory = this.directory): Promise<Ran> {
    return await this.#run(line, directory, {})
  }

  /** As a person sees it. */
  async onTerminal(line: string, options: FakeEnvOptions = {}): Promise<Ran> {
    return await this.#run(line, this.directory, { terminal: true, ...options })
  }

  async #run(line: string, directory: string, options: FakeEnvOptions): Promise<Ran> {
    const env = fakeEnv(options)
    const code = await runProgram([...splitWords(line), '--site', directory], env)
    return { code, out: env.stdout.text, err: env.stderr.text }
  }
}

import type { CommandContext } from '../../src/cli/command-context.js'
import type { GlobalOptions } from '../../src/cli/global-options.js'
import { printerFor } from '../../src/cli/printer/printer.js'
import { type FakeEnv, type FakeEnvOptions, fakeEnv } from './fake-env.js'

const DEFAULTS: GlobalOptions = {
  json: false,
  jsonl: false,
  plain: false,
  color: true,
  quiet: false,
  verbose: false,
  debug: false,
  input: true,
  yes: false,
  dryRun: false,
}

export interface FakeContext extends CommandContext {
  readonly env: FakeEnv
}

/** What a command's `run` gets, with everything in memory. */
export function fakeContext(options: Partial<GlobalOptions> = {}, env: FakeEnvOptions = {}): FakeContext {
  const fake = fakeEnv(env)
  const all = { ...DEFAULTS, ...options }
  return { env: fake, options: all, printer: printerFor(fake, all), verb: 'test', given: {} }
}

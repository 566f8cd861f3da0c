import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import { InvalidInputError, NotFoundError } from '../../../base/errors.js'
import { audited } from '../../audited.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'
import { openSiteFor } from '../../open-site.js'
import { requirePerson } from '../../person.js'
import { changing } from '../../verb-kinds.js'
import { changedApiKeyView } from './api-key-view.js'

export interface ApiKeySetOptions {
  readonly name: string
  /** `-` for standard input. */
  readonly file?: string
}

const WHERE = 'Without --file the key is asked for, and not shown while it is typed. A key of that name is replaced.'

export function apiKeySetCommand(group: Command, env: CliEnv, run = runApiKeySet): Command {
  return changing(group.command('set'))
    .summary('keep a key, or another in its place')
    .argument('<name>', 'which service it is for')
    .option('--file <path>', 'read the key from a file ("-": standard input)')
    .addHelpText('after', remarks(WHERE))
    .addHelpText('after', examples('api-key set Weather --file secret.txt', 'api-key set Maps --file - < secret.txt'))
    .action((name: string, flags: Omit<ApiKeySetOptions, 'name'>, command: Command) =>
      run({ name, ...flags }, contextFor(env, command)),
    )
}

export async function runApiKeySet({ name, file }: ApiKeySetOptions, context: CommandContext): Promise<void> {
  const { parseApiName, parseApiKey, setApiKey } = await import('../../../offerings/api-keys.js')
  const apiName = parseApiName(name)
  using site = await openSiteFor(context, { write: true })
  if (context.options.dryRun)
    return await context.printer.outcome(changedApiKeyView, { status: 'planned', name }, `would keep the key ${name}`)
  const key = parseApiKey(await readKey(file, apiName, context))
  const changed = await audited(
    context,
    site,
    () => setApiKey(site.store, apiName, key),
    each => (each ? 'done' : 'already'),
  )
  const sentence = changed ? `keeps the key ${name}` : `has that key ${name} already`
  await context.printer.outcome(
    changedApiKeyView,
    { status: changed ? 'done' : 'already', name },
    `the site ${sentence}`,
  )
}

async function readKey(file: string | undefined, name: string, context: CommandContext): Promise<string> {
  if (file === '-') return await readAll(context.env.stdin.stream())
  if (file !== undefined) return readKeyFile(resolve(context.env.currentDirectory, file), file)
  requirePerson(context, `Key for ${name}`, '--file <path>')
  return await context.env.prompts.password(`Key for ${name}:`)
}

function readKeyFile(path: string, typed: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    const facts = { code: 'API_KEY_FILE', hint: 'check the path and its permissions', details: { path: typed }, cause }
    if (code === 'EISDIR') throw new InvalidInputError(`the key file ${typed} is a directory`, facts)
    throw new NotFoundError(`the key file ${typed} cannot be read`, facts)
  }
}

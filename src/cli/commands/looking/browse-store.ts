import { text as readAll } from 'node:stream/consumers'
import { InvalidInputError } from '../../../base/errors.js'
import { audited } from '../../audited.js'
import { type ChosenStore, givenChoice, openChosenStore } from '../../chosen-store.js'
import type { CommandContext } from '../../command-context.js'
import type { BrowseOptions } from './browse.js'
import { BrowseSession } from './browse-session.js'
import { loadTypesOf } from './load-types.js'
import { printResult } from './shown-result.js'

/** Where the code comes from. */
type Source = { readonly code: string } | 'person'

/** Opens the store and lets code work with it; whatever is not committed at the end is reverted. */
export async function browse(options: BrowseOptions, context: CommandContext): Promise<void> {
  const source = await findSource(options, context)
  const write = options.write === true
  using chosen = await openChosenStore(context, options, { write })
  await loadTypesOf(chosen.site, context)
  const work = () => workWith(chosen, source, { options, context })
  const { site } = chosen
  if (!write || site === undefined) return await work()
  const given = { ...givenChoice(options), ...(options.eval === undefined ? {} : { eval: options.eval }) }
  await audited({ ...context, given }, site, work)
}

async function workWith(
  { store, site }: ChosenStore,
  source: Source,
  { options, context }: { readonly options: BrowseOptions; readonly context: CommandContext },
): Promise<void> {
  using session = new BrowseSession(store, site)
  if (source === 'person') {
    const { converse } = await import('./browse-prompt.js')
    await converse(session, options, context)
  } else await printResult(await session.run(source.code), context)
}

/** @throws InvalidInputError where there is neither code nor a person to type it. */
async function findSource(options: BrowseOptions, { env, options: { input } }: CommandContext): Promise<Source> {
  if (options.eval !== undefined) return { code: options.eval }
  const code = env.stdin.isTerminal ? '' : await readAll(env.stdin.stream())
  if (code.trim() !== '') return { code }
  if (input && env.stdin.isTerminal && env.stdout.isTerminal) return 'person'
  throw new InvalidInputError(
    `${input ? 'there is no terminal to ask on' : '--no-input forbids to ask'}: what to do?`,
    {
      code: 'INPUT_NEEDED',
      hint: "give --eval '<expression>', or a script on standard input",
    },
  )
}

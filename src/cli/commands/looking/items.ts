import { type Command, InvalidArgumentError } from 'commander'
import { InvalidInputError } from '../../../base/errors.js'
import { addStoreOptions, type StoreChoice } from '../../chosen-store.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples, remarks } from '../../examples.js'

export interface ItemsOptions extends StoreChoice {
  readonly type?: string
  readonly typeVersion?: number
  readonly id?: number
  readonly where?: readonly string[]
  readonly limit?: number
  readonly secrets?: boolean
}

const REMARKS = `Without a type it counts the rows of every version of every type. "known" says whether this toolkit has the
code of a type; no code of other offerings is run, and rows of any type are listed, also those of old versions, as they are.
Nothing is changed or upgraded.

Bytes are printed in hexadecimal, references as storeIDs, paths as stored, times in RFC 3339, and integers beyond 2^53 and
decimals as text in JSON; a value after --where is written in the same way.

Hashes of passwords and keys are printed as "(secret)" unless --secrets is given. mantissa sql hides nothing.`

export function itemsCommand(program: Command, env: CliEnv, run = runItems): Command {
  return addStoreOptions(
    program
      .command('items')
      .summary('look at the items of a store')
      .description('List the item types of a store, the rows of one type, or everything about one item.')
      .argument('[type]', 'the name of an item type: its rows')
      .option('--type-version <number>', 'rows of this version; else the newest version that has any', parseCount)
      .option('--id <storeID>', 'one item, what refers to it, its powerups and what is installed on it', parseCount)
      .option('--where <attribute=value>', 'only rows with that value (repeatable; attribute:null: none)', collect)
      .option('--limit <number>', 'at most so many rows', parseCount)
      .option('--secrets', 'print secrets too'),
  )
    .addHelpText('after', remarks(REMARKS))
    .addHelpText(
      'after',
      examples(
        'items',
        'items login_method --where domain=example.com --limit 10',
        'items --user alice@example.com',
        'items --user alice@example.com --id 1 --json',
      ),
    )
    .action((type: string | undefined, flags: Omit<ItemsOptions, 'type'>, command: Command) =>
      run({ ...flags, ...(type === undefined ? {} : { type }) }, contextFor(env, command)),
    )
}

/** Prints what a store holds, in one of the three forms. */
export async function runItems(options: ItemsOptions, context: CommandContext): Promise<void> {
  refuseSenseless(options)
  const { listItemTypes, listRows, showItem } = await import('./show-items.js')
  if (options.id !== undefined) await showItem(options.id, options, context)
  else if (options.type !== undefined) await listRows(options.type, options, context)
  else await listItemTypes(options, context)
}

function refuseSenseless({ type, id, typeVersion, where, limit }: ItemsOptions): void {
  const hint = 'see: mantissa items --help'
  if (type !== undefined && id !== undefined)
    throw new InvalidInputError('a type and --id exclude each other', { code: 'USAGE', hint })
  if (type === undefined && [typeVersion, where, limit].some(each => each !== undefined))
    throw new InvalidInputError('--type-version, --where and --limit need a type', { code: 'USAGE', hint })
}

function parseCount(text: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number
  throw new InvalidArgumentError('It must be a whole number.')
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

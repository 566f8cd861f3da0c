import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { InvalidInputError, NotFoundError } from '../base/errors.js'
import { type CommandContext, detail, note } from './command-context.js'

/**
 * The directory of the site that is meant: `--site`, else `MANTISSA_SITE`, else the only `*.axiom` store in the current
 * directory, which is then said on standard error. Nothing is opened, and nothing is ever created.
 *
 * @throws NotFoundError (`NO_SITE`) without a candidate, InvalidInputError (`WHICH_SITE`) with several.
 */
export async function resolveSite(context: CommandContext): Promise<string> {
  const { env, options } = context
  const named = options.site ?? env.variables['MANTISSA_SITE']
  if (named !== undefined && named !== '') {
    await detail(context, `using the site ${named}, from ${options.site === undefined ? 'MANTISSA_SITE' : '--site'}`)
    return resolve(env.currentDirectory, named)
  }
  const [only, ...others] = candidatesIn(env.currentDirectory)
  if (only === undefined) throw noSite(env.currentDirectory)
  if (others.length > 0) throw severalSites([only, ...others])
  await note(context, `using the site ${only}`)
  return join(env.currentDirectory, only)
}

function candidatesIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter(entry => entry.name.endsWith('.axiom') && existsSync(join(directory, entry.name, 'db.sqlite')))
    .map(entry => entry.name)
    .sort()
}

function noSite(directory: string): NotFoundError {
  return new NotFoundError(`no site was named and there is none in ${directory}`, {
    code: 'NO_SITE',
    hint: 'name one with --site <dir> or MANTISSA_SITE, or make one with mantissa create-site <dir>',
  })
}

function severalSites(candidates: readonly string[]): InvalidInputError {
  return new InvalidInputError(`several sites are in this directory: ${candidates.join(', ')}`, {
    code: 'WHICH_SITE',
    hint: `name one, such as --site ${candidates[0]}`,
    details: { candidates },
  })
}

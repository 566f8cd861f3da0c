import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { NotFoundError } from '../base/errors.js'
import type { CommandContext } from './command-context.js'
import { openFile } from './open-file.js'

/** Opens the list that `--from` names, `-` being standard input. @throws NotFoundError with the code that is given. */
export function openList(from: string, { env }: CommandContext, missing: { readonly code: string }): Readable {
  if (from === '-') return env.stdin.stream()
  const path = resolve(env.currentDirectory, from)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) return openFile(path)
  throw new NotFoundError(`the list ${from} cannot be read`, {
    ...missing,
    hint: 'check the path and its permissions',
    details: { path },
  })
}

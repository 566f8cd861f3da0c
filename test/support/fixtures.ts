import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from './temporary-directory.js'

const fixtures = join(import.meta.dirname, '../../fixtures')

/** A store directory, or for `extracted-users` a directory of three, unpacked for the running test alone. */
export function cloneFixture(
  name: 'divmod-site.axiom' | 'divmod-site-after-extract.axiom' | 'extracted-users',
): string {
  const directory = temporaryDirectory()
  execFileSync('tar', ['-xzf', join(fixtures, `${name}.tar.gz`), '-C', directory, '--no-same-owner'])
  return name === 'extracted-users' ? directory : join(directory, name)
}

/** Store path (`.` is the site) → `typeName vN` → rows as the original software reads them. */
export type Truth = Readonly<
  Record<
    string,
    {
      readonly types: readonly { readonly typeName: string; readonly module: string; readonly version: number }[]
      readonly items: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
    }
  >
>

/** What the original software read out of every store of `divmod-site.axiom`. */
export function readTruth(): Truth {
  return JSON.parse(readFileSync(join(fixtures, 'divmod-site.truth.json'), 'utf8')) as Truth
}

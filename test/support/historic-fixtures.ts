import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from './temporary-directory.js'

/** The folder of their archives. */
export const HISTORIC =
  process.env['MANTISSA_HISTORIC_FIXTURES'] ?? join(import.meta.dirname, '../../../shared/fixtures/historic')

/** Stores written by old versions of the original; they are no part of the project and may be missing. */
export const hasHistoricFixtures = existsSync(HISTORIC)

/** For the name of a test that is skipped without them. */
export const withoutHistoric = hasHistoricFixtures ? '' : ` (skipped: no historic stores at ${HISTORIC})`

/** A historic store, unpacked for the running test alone. */
export function cloneHistoric(name: string): string {
  const directory = temporaryDirectory()
  execFileSync('tar', ['-xzf', join(HISTORIC, `${name}.axiom.tar.gz`), '-C', directory, '--no-same-owner'])
  return join(directory, `${name}.axiom`)
}

import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A fresh directory (absolute, symlinks resolved) that is removed when the running test ends. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-test-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { atEnd } from './at-end.js'

/** A fresh directory (absolute, symlinks resolved) that is removed when the running test ends, or its file (`at-end`). */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-test-')))
  atEnd(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** The same for all tests of a file; to be called outside of any test. */
export function fileDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-test-')))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

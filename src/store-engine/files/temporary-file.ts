/**
 * Files on their way into a store. They are written in `temp/` under names of 16 hexadecimal digits with the ending
 * `.tmp`, drawn at random, so that no two processes meet; Axiom names its own by a counter. Whoever writes one puts it in
 * its place or removes it; only a process that was killed leaves one.
 */
import { randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { translateFileError } from '../database/sqlite-errors.js'
import type { Store } from '../store.js'
import { syncDirectory } from './store-directory.js'

const TEMPORARY_NAME = /^(?:[0-9a-f]{16}|\d+)\.tmp$/

export function newTemporaryName(): string {
  return `${randomBytes(8).toString('hex')}.tmp`
}

export function isTemporaryName(path: string): boolean {
  return TEMPORARY_NAME.test(basename(path))
}

export interface AbandonedFile {
  readonly path: string
  readonly bytes: number
  readonly lastWritten: Date
}

/**
 * Temporary files that nobody has written to since `since`: a day ago is long enough for any writer that lives. The
 * age decides, since the process that wrote one may have run on another machine or in another container.
 */
export function findAbandonedFiles(store: Store, since: Date): AbandonedFile[] {
  const directory = store.temporaryDirectory
  if (directory === null) return []
  return namesIn(directory)
    .filter(name => TEMPORARY_NAME.test(name))
    .flatMap(name => {
      const path = join(directory, name)
      const facts = lstatSync(path, { throwIfNoEntry: false })
      if (facts?.isFile() !== true || facts.mtime >= since) return []
      return [{ path, bytes: facts.size, lastWritten: facts.mtime }]
    })
}

/** Removes them, while the store may be written, and returns what they were. @throws StoreSealedError; none is removed. */
export function removeAbandonedFiles(store: Store, since: Date): AbandonedFile[] {
  return store.transact(() => {
    const abandoned = findAbandonedFiles(store, since)
    const directory = store.temporaryDirectory
    if (directory === null || abandoned.length === 0) return []
    try {
      for (const { path } of abandoned) rmSync(path, { force: true })
      syncDirectory(directory)
    } catch (error) {
      throw translateFileError(error, directory)
    }
    return abandoned
  })
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw translateFileError(error, directory)
  }
}

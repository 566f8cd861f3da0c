import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { MantissaError } from '../../src/base/errors.js'
import { Store, type StoreOptions } from '../../src/store-engine/store.js'

/** What a path holds, to be compared before and after; no store below it may be open in this process. */
export function contentOf(path: string): Record<string, string> {
  if (!existsSync(path)) return {}
  const names = lstatSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : ['.']
  const entries = names.map(name => [name, hashOf(join(path, name))])
  return Object.fromEntries(entries)
}

function hashOf(path: string): string {
  return lstatSync(path).isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'directory'
}

/** Everything in a store that can be listed without code of the types. */
export function readAll(store: Store): number {
  let rows = 0
  for (const type of store.typesOnDisk()) for (const _ of store.rowsOf(type)) rows += 1
  return rows
}

const WAYS = [{}, { readonly: true }, { journalMode: 'wal' }] as const

/** Opens in several ways and wants the same clear refusal from each, and nothing changed. */
export function expectRefused(
  directory: string,
  family: abstract new (...args: never[]) => MantissaError,
  code: string,
  ways: readonly StoreOptions[] = WAYS,
): void {
  const before = contentOf(directory)
  for (const options of ways) {
    const error = errorOf(() => {
      using store = Store.open(directory, options)
      readAll(store)
    })
    expect(error).toBeInstanceOf(family)
    expect(error).toMatchObject({
      code,
      hint: expect.stringMatching(/.+/),
      message: expect.stringContaining(directory),
    })
    expect(String((error as MantissaError).message)).not.toMatch(/\n/)
  }
  expect(contentOf(directory)).toEqual(before)
}

export function errorOf(deed: () => unknown): unknown {
  try {
    deed()
  } catch (error) {
    return error
  }
  return undefined
}

/** A damaged store may still be readable in part, but never fails in other words than ours. */
export function readsOrRefuses(directory: string): 'read' | 'refused' {
  const error = errorOf(() => {
    using store = Store.open(directory)
    readAll(store)
  })
  if (error === undefined) return 'read'
  expect(error).toBeInstanceOf(MantissaError)
  return 'refused'
}

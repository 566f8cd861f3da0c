import {
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fsyncTree, giveToOwnerOf, makeDirectory, writeFileAtomic } from '../../src/base/atomic-file.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

it('replaces a file and leaves nothing beside it', () => {
  const directory = temporaryDirectory()
  writeFileAtomic(join(directory, 'a'), 'one')
  writeFileAtomic(join(directory, 'a'), 'two')
  expect(readFileSync(join(directory, 'a'), 'utf8')).toBe('two')
  expect(readdirSync(directory)).toEqual(['a'])
})

it('writes for the owner alone unless told', () => {
  const directory = temporaryDirectory()
  writeFileAtomic(join(directory, 'secret'), 'x')
  writeFileAtomic(join(directory, 'open'), 'x', { mode: 0o644 })
  expect(statSync(join(directory, 'secret')).mode & 0o777).toBe(0o600)
  expect(statSync(join(directory, 'open')).mode & 0o777).toBe(0o644)
})

it('leaves the old file and no temporary one when it fails', () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'taken', 'full'), { recursive: true })
  expect(() => writeFileAtomic(join(directory, 'taken'), 'x')).toThrow()
  expect(readdirSync(directory)).toEqual(['taken'])
})

it('makes directories for the owner alone', () => {
  const directory = temporaryDirectory()
  makeDirectory(join(directory, 'a', 'b'))
  makeDirectory(join(directory, 'a', 'b'))
  expect(statSync(join(directory, 'a')).mode & 0o777).toBe(0o700)
})

it('flushes a tree and keeps owners that are right', () => {
  const directory = temporaryDirectory()
  makeDirectory(join(directory, 'a'))
  writeFileSync(join(directory, 'a', 'f'), 'x')
  fsyncTree(directory)
  giveToOwnerOf(directory, join(directory, 'a', 'f'))
  expect(statSync(join(directory, 'a', 'f')).uid).toBe(statSync(directory).uid)
})

it.skipIf(process.getuid?.() !== 0)('gives away neither what a link leads to nor a file that has a second name', () => {
  const directory = temporaryDirectory()
  const place = join(directory, 'place')
  makeDirectory(place)
  chownSync(place, 12345, 12345)
  writeFileSync(join(directory, 'secret'), 'x')
  symlinkSync('../secret', join(place, 'link'))
  linkSync(join(directory, 'secret'), join(place, 'name'))
  writeFileSync(join(place, 'made'), 'x')
  for (const name of ['link', 'name', 'made']) giveToOwnerOf(place, join(place, name))
  expect(statSync(join(directory, 'secret')).uid).toBe(0)
  expect(statSync(join(place, 'made')).uid).toBe(12345)
})

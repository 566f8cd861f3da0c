import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { IntegrityError, InvalidInputError } from '../../src/base/errors.js'
import { assertInside, safeJoin } from '../../src/base/safe-path.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

it('joins plain names', () => {
  expect(safeJoin('/site', 'files', 'a~2.axiom')).toBe('/site/files/a~2.axiom')
})

it.each(['', '.', '..', 'a/b', 'a\\b', 'a\0b', '../x', 'a\ud800'])('refuses the segment %j', segment => {
  expect(() => safeJoin('/site', 'files', segment)).toThrow(InvalidInputError)
})

it('resolves what is inside, also when it does not exist yet', () => {
  const root = temporaryDirectory()
  expect(assertInside(root, 'new/deep')).toBe(join(root, 'new/deep'))
  expect(assertInside(root, root)).toBe(root)
  writeFileSync(join(root, 'file'), '')
  expect(assertInside(root, 'file/below')).toBe(join(root, 'file/below'))
})

it('refuses a way out through dots or a symbolic link', () => {
  const root = temporaryDirectory()
  mkdirSync(join(root, 'site'))
  symlinkSync('/etc', join(root, 'site', 'out'))
  expect(() => assertInside(join(root, 'site'), '../other')).toThrow(IntegrityError)
  expect(() => assertInside(join(root, 'site'), 'out/passwd')).toThrow('leads outside')
  expect(() => assertInside(join(root, 'site'), join(root, 'site-2'))).toThrow(IntegrityError)
})

it('refuses links that lead in a circle', () => {
  const root = temporaryDirectory()
  symlinkSync('circle', join(root, 'circle'))
  expect(() => assertInside(root, 'circle/inside')).toThrow(expect.objectContaining({ code: 'PATH_ESCAPES' }))
})

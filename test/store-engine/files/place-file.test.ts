import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { changeFence, ensureFence } from '../../../src/site/fence.js'
import { newTemporaryPath, placeFile } from '../../../src/store-engine/files/place-file.js'
import { Store } from '../../../src/store-engine/store.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

it('puts a file in its place that was written aside, replacing what was there', () => {
  using store = Store.create(join(temporaryDirectory(), 'a.axiom'))
  const place = store.filePath('mail', '2026-11', 'one.eml')
  for (const content of ['first', 'second']) {
    const temporary = newTemporaryPath(store)
    writeFileSync(temporary, content)
    placeFile(store, temporary, place)
    expect(existsSync(temporary)).toBe(false)
    expect(readFileSync(place, 'utf8')).toBe(content)
  }
})

it('takes only temporary files of the store, and puts them only below its files', () => {
  using store = Store.create(join(temporaryDirectory(), 'a.axiom'))
  const temporary = newTemporaryPath(store)
  writeFileSync(temporary, 'x')
  expect(() => placeFile(store, store.filePath('other'), store.filePath('x'))).toThrow('no temporary file')
  expect(() => placeFile(store, temporary, join(store.directory ?? '', 'run', 'x'))).toThrow('is not below')
  expect(readFileSync(temporary, 'utf8')).toBe('x')
})

it('leaves the file where it is while the store is being moved', () => {
  using store = Store.create(join(temporaryDirectory(), 'a.axiom'))
  const temporary = newTemporaryPath(store)
  writeFileSync(temporary, 'x')
  ensureFence(store, 'this site')
  changeFence(store, { state: 'active' }, { state: 'sealed' })
  expect(() => placeFile(store, temporary, store.filePath('x'))).toThrow('is sealed')
  expect(existsSync(store.filePath('x'))).toBe(false)
  expect(readFileSync(temporary, 'utf8')).toBe('x')
})

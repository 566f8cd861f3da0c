import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { IntegrityError, InvalidInputError } from '../../../src/base/errors.js'
import {
  ConstraintError,
  InvalidPathError,
  NoFilesAreaError,
  StoreMovedError,
} from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { cloneFixture } from '../../support/fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { Everything } from '../fixture-items.js'

const create = () => Store.create(`${temporaryDirectory()}/a.axiom`)

describe('paths', () => {
  it('behaviour 55: a store directory that was moved still resolves its file paths', () => {
    const parent = temporaryDirectory()
    {
      using store = Store.create(join(parent, 'here.axiom'))
      store.create(Everything, { notNone: '', aPath: store.filePath('some', 'File.txt') })
      expect(store.sql.value('SELECT aPath FROM item_fixture_everything_v1')).toBe('some/File.txt')
    }
    mkdirSync(join(parent, 'elsewhere'))
    renameSync(join(parent, 'here.axiom'), join(parent, 'elsewhere/there.axiom'))
    using store = Store.open(join(parent, 'elsewhere/there.axiom'))
    expect(store.findUnique(Everything).aPath).toBe(join(parent, 'elsewhere/there.axiom/files/some/File.txt'))
  })

  it("the real site's paths point at files that are there, also with names beyond ASCII", () => {
    const dave = join(cloneFixture('divmod-site.axiom'), 'files/account/example.org/dave.axiom')
    using store = Store.open(dave)
    const paths = new Set([...store.query(Everything)].map(each => each.aPath).filter(path => path !== null))
    expect(paths.size).toBeGreaterThan(0)
    for (const path of paths) expect(statSync(path).isFile(), path).toBe(true)
  })

  it('a path is strictly below files/, wherever it seems to begin', () => {
    using store = create()
    const files = String(store.filesDirectory)
    const set = (aPath: string) => store.create(Everything, { notNone: '', aPath })
    for (const path of [files, `${files}/`, `${files}/..`, `${files}/../db.sqlite`, '/etc/passwd', `${files}x/y`])
      expect(() => set(path), path).toThrow(InvalidPathError)
    for (const path of ['relative/path', '', 'a\0b', `${files}/a\0b`, `${files}/\ud800`])
      expect(() => set(path), path).toThrow(ConstraintError)
    expect(set(`${files}/a/../b//c`).aPath).toBe(`${files}/b/c`)
    expect(store.query(Everything).count()).toBe(1)
  })

  it.each(['../../etc/passwd', '..', 'a/../../b', '/etc/passwd', 'a//b', './a', ''])(
    'a stored %j, as only a stranger writes it, is never followed',
    stored => {
      using store = create()
      store.create(Everything, { notNone: '' })
      store.transact(() => store.sql.run('UPDATE item_fixture_everything_v1 SET aPath = ?', stored))
      using again = Store.open(String(store.directory))
      expect(() => again.findUnique(Everything).aPath).toThrow(IntegrityError)
      expect([...again.rowsOf(again.typesOnDisk()[0] as never)][0]?.values['aPath']).toBe(stored)
    },
  )
})

describe('files of a store', () => {
  it('behaviour 56: a file is written aside and appears on close, whole', () => {
    using store = create()
    const file = store.newFile('deep', 'er', 'hello.txt')
    file.write('hello ')
    file.write(Buffer.from('world'))
    expect(existsSync(file.path)).toBe(false)
    expect(readdirSync(String(store.temporaryDirectory))).toHaveLength(1)
    expect(file.close()).toBe(join(String(store.filesDirectory), 'deep/er/hello.txt'))
    expect(readFileSync(file.path, 'utf8')).toBe('hello world')
    expect(statSync(file.path).mode & 0o777).toBe(0o600)
    expect(readdirSync(String(store.temporaryDirectory))).toEqual([])
    expect(() => file.write('more')).toThrow(ConstraintError)
    expect(() => file.close()).toThrow(ConstraintError)
  })

  it('behaviour 56: closing replaces what was there; aborting leaves it', () => {
    using store = create()
    for (const content of ['old', 'new']) {
      const file = store.newFile('f')
      file.write(content)
      file.close()
    }
    const aborted = store.newFile('f')
    aborted.write('never')
    aborted.abort()
    aborted.abort()
    expect(readFileSync(store.filePath('f'), 'utf8')).toBe('new')
    expect(readdirSync(String(store.temporaryDirectory))).toEqual([])
  })

  it('two writers of one name do not meet before they close', () => {
    using store = create()
    using other = Store.open(String(store.directory))
    const [one, two] = [store.newFile('f'), other.newFile('f')]
    one.write('one')
    two.write('two')
    one.close()
    two.close()
    expect(readFileSync(store.filePath('f'), 'utf8')).toBe('two')
  })

  it('a store that was moved away while it was open is not begun anew in its old place', () => {
    const parent = temporaryDirectory()
    using store = Store.create(join(parent, 'here.axiom'))
    renameSync(join(parent, 'here.axiom'), join(parent, 'there.axiom'))
    expect(() => store.newFile('letter')).toThrow(StoreMovedError)
    expect(readdirSync(parent)).toEqual(['there.axiom'])
  })

  it('makes the directory for what is not finished where it is missing', () => {
    using store = create()
    rmdirSync(String(store.temporaryDirectory))
    using file = store.newFile('letter')
    expect(readdirSync(String(store.temporaryDirectory))).toHaveLength(1)
    file.close()
  })

  it('behaviour 57: a store without a files area refuses files and paths', () => {
    using store = Store.inMemory()
    expect(() => store.newFile('a')).toThrow(NoFilesAreaError)
    expect(() => store.create(Everything, { notNone: '', aPath: '/a' })).toThrow(NoFilesAreaError)
    using withFiles = Store.inMemory({ filesDirectory: join(temporaryDirectory(), 'files') })
    const file = withFiles.newFile('a')
    file.write('x')
    expect(readFileSync(file.close(), 'utf8')).toBe('x')
  })

  it('names that lead elsewhere, or nowhere, are refused and leave nothing', () => {
    using store = create()
    for (const segments of [['..', 'x'], ['a/b'], [''], ['.'], ['a\0b'], ['/etc', 'passwd'], []])
      expect(() => store.newFile(...segments), segments.join()).toThrow(InvalidInputError)
    expect(readdirSync(String(store.temporaryDirectory))).toEqual([])
    using reader = Store.open(String(store.directory), { readonly: true })
    expect(() => reader.newFile('a')).toThrow(expect.objectContaining({ code: 'STORE_READ_ONLY' }))
  })
})

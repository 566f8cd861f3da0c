import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConflictError, IntegrityError, NotFoundError } from '../../../src/base/errors.js'
import { CREATE_FENCE_TABLE } from '../../../src/store-engine/database/write-fence.js'
import {
  InvalidPathError,
  NoFilesAreaError,
  ReadOnlyStoreError,
  StoreSealedError,
} from '../../../src/store-engine/errors.js'
import { removeFile } from '../../../src/store-engine/files/remove-file.js'
import { renameFile } from '../../../src/store-engine/files/rename-file.js'
import { findAbandonedFiles, removeAbandonedFiles } from '../../../src/store-engine/files/temporary-file.js'
import { Store } from '../../../src/store-engine/store.js'
import { SubStore } from '../../../src/store-engine/sub-store.js'
import { canBeNobody } from '../../support/project-for-others.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { mountSmallDisk } from '../small-disk.js'

const create = () => Store.create(`${temporaryDirectory()}/a.axiom`)
const inTemp = (store: Store) => readdirSync(String(store.temporaryDirectory))
const inFiles = (store: Store) => readdirSync(String(store.filesDirectory), { recursive: true }).sort()

function write(store: Store, content: string, ...segments: string[]): string {
  const file = store.newFile(...segments)
  file.write(content)
  return file.close()
}

function seal(store: Store, state: 'active' | 'sealed'): void {
  const change = () => {
    store.sql.exec(CREATE_FENCE_TABLE)
    store.sql.run("INSERT OR REPLACE INTO mantissa_fence VALUES (1, 'store', 4, 'site', ?, 'T1', 0)", state)
  }
  store.transact(change, { ignoreFence: true })
}

describe('paths', () => {
  it('filePath and newTemporaryFilePath say where something would be and make nothing', () => {
    using store = create()
    expect(store.filePath('a', 'b')).toBe(join(String(store.directory), 'files/a/b'))
    expect(store.newTemporaryFilePath('a')).toBe(join(String(store.directory), 'temp/a'))
    expect(() => store.newTemporaryFilePath('..')).toThrow(expect.objectContaining({ code: 'UNSAFE_PATH' }))
    expect([inFiles(store), inTemp(store)]).toEqual([[], []])
    using memory = Store.inMemory()
    expect(() => memory.newTemporaryFilePath('a')).toThrow(NoFilesAreaError)
    expect(() => memory.filePath('a')).toThrow(NoFilesAreaError)
  })
})

describe('writing a file', () => {
  it('gives it the time of its closing', async () => {
    using store = create()
    const file = store.newFile('f')
    file.write('x')
    await new Promise(resolve => setTimeout(resolve, 30))
    const before = Date.now()
    file.close()
    expect(statSync(file.path).mtimeMs).toBeGreaterThanOrEqual(before - 1)
  })

  it('a sealed store takes no file; what was written can be closed when it is active again', () => {
    using store = create()
    const file = store.newFile('deep', 'f')
    file.write('x')
    seal(store, 'sealed')
    expect(() => file.close()).toThrow(StoreSealedError)
    expect(inFiles(store)).toEqual([])
    seal(store, 'active')
    expect(readFileSync(file.close(), 'utf8')).toBe('x')
    expect(inTemp(store)).toEqual([])
  })

  it('with `using`, a file that is not closed leaves nothing', () => {
    using store = create()
    {
      using file = store.newFile('f')
      file.write('x')
    }
    expect([inFiles(store), inTemp(store)]).toEqual([[], []])
  })

  it('a place that cannot be a file is an error by name, and nothing is left', () => {
    using store = create()
    write(store, 'x', 'f')
    mkdirSync(store.filePath('directory'))
    expect(() => store.newFile('directory')).toThrow(InvalidPathError)
    expect(() => write(store, 'y', 'f', 'below')).toThrow(InvalidPathError)
    const late = store.newFile('late')
    mkdirSync(store.filePath('late'))
    expect(() => late.close()).toThrow(InvalidPathError)
    expect(() => write(store, 'y', 'new', 'n'.repeat(300))).toThrow(InvalidPathError)
    expect(inFiles(store)).toEqual(['directory', 'f', 'late'])
    expect(inTemp(store)).toEqual([])
  })

  it('no file is written through a link that leads out, nor into a substore', () => {
    using store = create()
    const outside = temporaryDirectory()
    symlinkSync(outside, store.filePath('link'))
    expect(() => store.newFile('link', 'f')).toThrow(IntegrityError)
    SubStore.createNew(store, ['sub.axiom'])
    expect(() => store.newFile('sub.axiom', 'files', 'f')).toThrow(InvalidPathError)
    expect(readdirSync(outside)).toEqual([])
    expect(inTemp(store)).toEqual([])
  })

  it('processes that write the same names at once never mix their files', async () => {
    using store = create()
    const writer = join(import.meta.dirname, 'file-writer.mjs')
    const children = ['a', 'b', 'c'].map(letter =>
      spawn(process.execPath, [writer, String(store.directory), letter, '40'], { stdio: 'inherit' }),
    )
    const ends = await Promise.all(children.map(async child => (await once(child, 'exit'))[0]))
    expect(ends).toEqual([0, 0, 0])
    for (const name of ['0.txt', '1.txt', '2.txt'])
      expect(readFileSync(store.filePath('shared', name), 'utf8')).toMatch(/^(a{16000}|b{16000}|c{16000})$/)
    expect(inTemp(store)).toEqual([])
  })
})

describe('a writer that is killed', () => {
  it('at any step leaves whole files, and else only what can be found as abandoned', async () => {
    using store = create()
    const dieAt = join(import.meta.dirname, '../../support/die-at.mjs')
    const words = ['--import', dieAt, join(import.meta.dirname, 'file-writer.mjs'), String(store.directory), 'a', '3']
    let left = 0
    for (let step = 1; ; step += 1) {
      const child = spawn(process.execPath, words, { env: { DIE_AT: String(step) }, stdio: 'inherit' })
      const [code, signal] = await once(child, 'exit')
      for (const name of inFiles(store).filter(each => each.toString().endsWith('.txt')))
        expect(readFileSync(store.filePath(...name.toString().split('/')), 'utf8')).toBe('a'.repeat(16_000))
      left += inTemp(store).length
      expect(findAbandonedFiles(store, new Date(Date.now() + 1000))).toHaveLength(inTemp(store).length)
      removeAbandonedFiles(store, new Date(Date.now() + 1000))
      if (signal !== null) continue
      expect([code, inFiles(store)]).toEqual([0, ['shared', 'shared/0.txt', 'shared/1.txt', 'shared/2.txt']])
      break
    }
    expect(left).toBeGreaterThan(5)
  }, 120_000)
})

describe('a disk that takes nothing', () => {
  it('a full one is told as such, by whichever step it stops', context => {
    const disk = mountSmallDisk(512)
    if (disk === undefined) return context.skip('mounting a file system is not permitted here')
    using store = Store.create(join(disk.directory, 'a.axiom'))
    disk.fill(0)
    const file = store.newFile('new', 'f')
    expect(() => file.write('x'.repeat(100_000))).toThrow(expect.objectContaining({ code: 'DISK_FULL' }))
    expect(() => file.close()).toThrow(expect.objectContaining({ code: 'CONSTRAINT' }))
    expect([inFiles(store), inTemp(store)]).toEqual([[], []])
  })

  it('a read-only one likewise, for writing, renaming and removing', context => {
    const disk = mountSmallDisk(512)
    if (disk === undefined) return context.skip('mounting a file system is not permitted here')
    const directory = join(disk.directory, 'a.axiom')
    const path = join(directory, 'files/f')
    {
      using store = Store.create(directory, { journalMode: 'delete' })
      write(store, 'x', 'f')
    }
    disk.makeReadOnly()
    using store = Store.open(directory)
    expect(() => store.newFile('g')).toThrow(ReadOnlyStoreError)
    expect(() => renameFile(store, path, store.filePath('g'))).toThrow(ReadOnlyStoreError)
    expect(() => removeFile(store, path)).toThrow(ReadOnlyStoreError)
    expect(inFiles(store)).toEqual(['f'])
  })
})

describe('renaming and removing', () => {
  it('a file gets another name, in another directory too', () => {
    using store = create()
    const from = write(store, 'x', 'f')
    const to = store.filePath('deep', 'er', 'g')
    renameFile(store, from, to)
    expect(readFileSync(to, 'utf8')).toBe('x')
    expect(existsSync(from)).toBe(false)
  })

  it('what is not there, or is there already, is told, and nothing moves', () => {
    using store = create()
    const [f, g] = [write(store, 'f', 'f'), write(store, 'g', 'g')]
    expect(() => renameFile(store, store.filePath('h'), store.filePath('new', 'h'))).toThrow(NotFoundError)
    expect(() => renameFile(store, f, g)).toThrow(ConflictError)
    expect(() => renameFile(store, f, join(g, 'below'))).toThrow(InvalidPathError)
    expect(inFiles(store)).toEqual(['f', 'g'])
  })

  it('a removed file is gone; removing it again does nothing', () => {
    using store = create()
    const path = write(store, 'x', 'f')
    expect([removeFile(store, path), removeFile(store, path)]).toEqual([true, false])
    expect(inFiles(store)).toEqual([])
  })

  it('removing a link takes the link away and not what it leads to', () => {
    using store = create()
    const target = join(temporaryDirectory(), 'f')
    writeFileSync(target, 'x')
    symlinkSync(target, store.filePath('link'))
    expect(removeFile(store, store.filePath('link'))).toBe(true)
    expect(existsSync(target)).toBe(true)
  })

  it('a sealed store keeps its files', () => {
    using store = create()
    const path = write(store, 'x', 'f')
    seal(store, 'sealed')
    expect(() => renameFile(store, path, store.filePath('new', 'g'))).toThrow(StoreSealedError)
    expect(() => removeFile(store, path)).toThrow(StoreSealedError)
    expect(inFiles(store)).toEqual(['f'])
  })

  it('what is not a file of this store is refused', () => {
    using store = create()
    const { storepath } = SubStore.createNew(store, ['sub.axiom'])
    const path = write(store, 'x', 'f')
    const { directory, filesDirectory } = store
    const strangers = [
      join(String(directory), 'db.sqlite'),
      filesDirectory,
      storepath,
      `${storepath}/db.sqlite`,
      '/etc/passwd',
    ]
    for (const stranger of strangers.map(String)) {
      expect(() => removeFile(store, stranger), stranger).toThrow(InvalidPathError)
      expect(() => renameFile(store, stranger, store.filePath('g')), stranger).toThrow(InvalidPathError)
      expect(() => renameFile(store, path, stranger), stranger).toThrow(InvalidPathError)
    }
    expect(existsSync(path)).toBe(true)
  })
})

describe('abandoned files', () => {
  const yesterday = new Date(Date.now() - 86_400_000)
  const longAgo = new Date(Date.now() - 2 * 86_400_000)

  it('what a killed writer left in temp/ is found by name and age, removed, and nothing else', () => {
    using store = create()
    const abandoned = store.newFile('a')
    abandoned.write('half')
    const [left] = inTemp(store)
    const make = (name: string) => writeFileSync(store.newTemporaryFilePath(name), 'x')
    for (const name of ['17.tmp', 'mine.txt', 'moved-01', 'x17.tmp']) make(name)
    for (const name of inTemp(store)) utimesSync(store.newTemporaryFilePath(name), longAgo, longAgo)
    make('18.tmp')
    const found = findAbandonedFiles(store, yesterday)
    expect(found.map(({ path }) => path).sort()).toEqual(
      ['17.tmp', String(left)].sort().map(name => store.newTemporaryFilePath(name)),
    )
    expect(found.find(({ path }) => path.endsWith(String(left)))).toMatchObject({ bytes: 4 })
    expect(removeAbandonedFiles(store, yesterday)).toEqual(found)
    expect(inTemp(store).sort()).toEqual(['18.tmp', 'mine.txt', 'moved-01', 'x17.tmp'])
    expect(() => abandoned.close()).toThrow(expect.objectContaining({ code: 'STORE_UNREADABLE' }))
    expect(inFiles(store)).toEqual([])
  })

  it('a sealed store, and one in memory, have none removed', () => {
    using store = create()
    writeFileSync(store.newTemporaryFilePath('1.tmp'), 'x')
    utimesSync(store.newTemporaryFilePath('1.tmp'), longAgo, longAgo)
    seal(store, 'sealed')
    expect(() => removeAbandonedFiles(store, yesterday)).toThrow(StoreSealedError)
    expect(inTemp(store)).toEqual(['1.tmp'])
    using memory = Store.inMemory()
    expect(removeAbandonedFiles(memory, yesterday)).toEqual([])
  })
})

it.runIf(canBeNobody)('what root writes belongs to the owner of where it lies', () => {
  using store = create()
  for (const directory of [store.filesDirectory, store.temporaryDirectory]) chownSync(String(directory), 65534, 65534)
  const path = write(store, 'x', 'deep', 'er', 'f')
  for (const each of [path, dirname(path), dirname(dirname(path))]) expect(statSync(each).uid).toBe(65534)
})

it('a database among the files makes no store of its directory', () => {
  using store = create()
  write(store, 'x', 'index', 'db.sqlite')
  expect(removeFile(store, write(store, 'x', 'index', 'f'))).toBe(true)
})

it('directories made for a file are closed to others', () => {
  using store = create()
  const path = write(store, 'x', 'deep', 'f')
  expect(lstatSync(dirname(path)).mode & 0o777).toBe(0o700)
})

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { MantissaError } from '../../../src/base/errors.js'
import { ReadOnlyStoreError } from '../../../src/store-engine/errors.js'
import { Store } from '../../../src/store-engine/store.js'
import { canBeNobody, projectForOthers } from '../../support/project-for-others.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { mountSmallDisk, type SmallDisk } from '../small-disk.js'
import { Note, threeNotes } from '../test-items.js'
import { contentOf, errorOf } from '../unharmed.js'

const COMPILED = 'dist/store-engine/store.js'

/** A store with three notes on a file system that cannot be written. */
function frozenStore(context: TestContext, journalMode: 'wal' | 'delete'): string {
  const disk = mountSmallDisk(1024)
  if (disk === undefined) context.skip('mounting a file system is not permitted here')
  const directory = join((disk as SmallDisk).directory, 'a.axiom')
  {
    using store = Store.create(directory, { journalMode })
    threeNotes(store)
  }
  disk?.makeReadOnly()
  return directory
}

describe('a place that cannot be written', () => {
  it('a store with a rollback journal is read; writing it is refused, whatever it was opened for', context => {
    const directory = frozenStore(context, 'delete')
    const before = contentOf(directory)
    for (const options of [{}, { readonly: true }]) {
      using store = Store.open(directory, options)
      const a = store.getItemById(1) as Note
      expect(errorOf(() => Object.assign(a, { name: 'x' }))).toBeInstanceOf(ReadOnlyStoreError)
      expect(errorOf(() => store.create(Note, { name: 'x' }))).toMatchObject({ code: 'STORE_READ_ONLY' })
      expect([a.name, store.query(Note).count()]).toEqual(['a', 3])
    }
    expect(contentOf(directory)).toEqual(before)
  })

  it('a store with a write-ahead log needs a place for its index: a clear error says so', context => {
    const directory = frozenStore(context, 'wal')
    for (const options of [{}, { readonly: true }]) {
      const error = errorOf(() => Store.open(directory, options))
      expect(error).toBeInstanceOf(MantissaError)
      expect(error).toMatchObject({
        message: expect.stringContaining(directory),
        hint: expect.stringMatching(/permission/),
      })
    }
  })

  it('creating a store there is refused and leaves nothing', context => {
    const directory = frozenStore(context, 'delete')
    const parent = dirname(directory)
    const before = contentOf(parent)
    expect(errorOf(() => Store.create(join(parent, 'b.axiom')))).toMatchObject({ code: 'STORE_READ_ONLY' })
    expect(contentOf(parent)).toEqual(before)
  })

  it('files are refused as well', context => {
    using store = Store.open(frozenStore(context, 'delete'))
    expect(errorOf(() => store.newFile('f'))).toMatchObject({ code: 'STORE_READ_ONLY' })
  })

  it('another user who may not look is told so, and not that there is nothing', context => {
    if (!canBeNobody) context.skip('becoming another user takes root')
    if (!existsSync(join(projectForOthers(), COMPILED))) context.skip('the compiled engine is missing: npm run build')
    const parent = temporaryDirectory()
    chmodSync(parent, 0o755)
    mkdirSync(join(parent, 'closed'), { mode: 0o700 })
    const directory = join(parent, 'closed', 'a.axiom')
    Store.create(directory).close()
    chmodSync(directory, 0o755)
    expect(openAsNobody(directory)).toMatch(/STORE_UNREADABLE/)
    chmodSync(join(parent, 'closed'), 0o755)
    expect(openAsNobody(directory)).toMatch(/STORE_UNREADABLE/)
  })
})

/** Needs the compiled engine, since a process of its own knows no TypeScript. */
function openAsNobody(directory: string): string {
  const script = `import(${JSON.stringify(join(projectForOthers(), COMPILED))}).then(({ Store }) => Store.open(${JSON.stringify(directory)})).then(
    () => console.log('opened'), error => console.log(error.code))`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    uid: 65534,
    gid: 65534,
    encoding: 'utf8',
    cwd: '/',
  })
  return stdout + stderr
}

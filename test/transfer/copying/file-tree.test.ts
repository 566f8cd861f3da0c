import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { copyFileHashed, hashFile } from '../../../src/transfer/copying/copy-file.js'
import { compareTrees, listTree } from '../../../src/transfer/copying/file-tree.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

describe('listTree', () => {
  it('lists directories and files, parents first, and nothing for a missing root', async () => {
    const root = temporaryDirectory()
    mkdirSync(join(root, 'b', 'empty'), { recursive: true })
    writeFileSync(join(root, 'b', 'größe.txt'), 'abc')
    writeFileSync(join(root, 'a'), '')
    const listed = await listTree(root)
    expect(listed.map(({ path, kind, bytes }) => [path, kind, bytes])).toEqual([
      ['a', 'file', 0],
      ['b', 'directory', 0],
      ['b/empty', 'directory', 0],
      ['b/größe.txt', 'file', 3],
    ])
    expect(await listTree(join(root, 'missing'))).toEqual([])
  })

  it('knows databases and leaves their companions out', async () => {
    const root = temporaryDirectory()
    writeFileSync(join(root, 'index'), 'SQLite format 3\0 and so on')
    writeFileSync(join(root, 'index-wal'), 'x')
    writeFileSync(join(root, 'report-wal'), 'x')
    expect((await listTree(root)).map(entry => [entry.path, entry.kind])).toEqual([
      ['index', 'database'],
      ['report-wal', 'file'],
    ])
  })

  it('refuses links, pipes and names that are not UTF-8, by name', async () => {
    const root = temporaryDirectory()
    symlinkSync('/etc/passwd', join(root, 'link'))
    await expect(listTree(root)).rejects.toMatchObject({ code: 'FILE_NOT_MOVABLE', message: /link is a symbolic link/ })
    rmSync(join(root, 'link'))
    execFileSync('mkfifo', [join(root, 'pipe')])
    await expect(listTree(root)).rejects.toMatchObject({ message: /pipe is a pipe/ })
    rmSync(join(root, 'pipe'))
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]), 'x')
    await expect(listTree(root)).rejects.toMatchObject({ message: /not UTF-8/ })
  })
})

describe('compareTrees', () => {
  it('finds what was added, replaced, rewritten in place, removed, and turned into something else', async () => {
    const root = temporaryDirectory()
    for (const name of ['kept', 'replaced', 'rewritten', 'removed', 'turned']) writeFileSync(join(root, name), name)
    const before = await listTree(root)
    writeFileSync(join(root, 'new'), 'kept')
    renameSync(join(root, 'new'), join(root, 'replaced'))
    writeFileSync(join(root, 'rewritten'), 'rewrittEn')
    rmSync(join(root, 'removed'))
    rmSync(join(root, 'turned'))
    mkdirSync(join(root, 'turned'))
    writeFileSync(join(root, 'turned', 'inside'), '')
    const { changed, gone } = compareTrees(before, await listTree(root))
    expect(changed.map(entry => entry.path)).toEqual(['replaced', 'rewritten', 'turned', 'turned/inside'])
    expect(gone.map(entry => entry.path)).toEqual(['turned', 'removed'])
  })
})

it('sees what was committed to a database below, which may lie in its log alone', async () => {
  const root = temporaryDirectory()
  const database = new Database(join(root, 'index'))
  onTestFinished(() => void database.close())
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE note (text); PRAGMA wal_checkpoint(TRUNCATE)')
  const before = await listTree(root)
  const reader = new Database(join(root, 'index'), { readonly: true })
  reader.prepare('SELECT count(*) FROM note').get()
  reader.close()
  expect(compareTrees(before, await listTree(root, before)).changed).toEqual([])
  database.exec("INSERT INTO note VALUES ('committed')")
  const after = await listTree(root, before)
  expect(compareTrees(before, after).changed.map(entry => entry.path)).toEqual(['index'])
  expect(await listTree(root, after)).toEqual(after)
})

describe('copyFileHashed', () => {
  it('copies any length and returns the hash of what it wrote', async () => {
    const root = temporaryDirectory()
    for (const size of [0, 1, 1024 * 1024, 3 * 1024 * 1024 + 17]) {
      const data = Buffer.alloc(size, 'mantissa')
      writeFileSync(join(root, 'from'), data)
      const copied = await copyFileHashed(join(root, 'from'), join(root, 'to'))
      expect(copied).toEqual({ bytes: size, sha256: createHash('sha256').update(data).digest('hex') })
      expect(readFileSync(join(root, 'to')).equals(data)).toBe(true)
      expect(await hashFile(join(root, 'to'))).toEqual(copied)
    }
  })
})

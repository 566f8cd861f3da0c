import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ExampleSite } from '../support/example-site.js'
import { asNobody, canBeNobody, projectForOthers } from '../support/project-for-others.js'

let site: ExampleSite

beforeAll(() => {
  site = new ExampleSite()
})

beforeEach(() => site.restore())

afterAll(() => site[Symbol.dispose]())

const at = (...names: readonly string[]): string => join(site.directory, ...names)

/** Every file and what it holds; SQLite's own side files may come and go. */
function fingerprint(): Record<string, string> {
  const files = readdirSync(site.directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/-(?:wal|shm|journal)$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
  return Object.fromEntries(files.map(file => [file, createHash('sha256').update(readFileSync(file)).digest('hex')]))
}

interface Refusal {
  readonly status: number
  readonly code: string
}

/** Runs a line that must fail, with two lines for people, an object for programs, and nothing changed. */
function refuses(line: string, expected: Refusal): { readonly message: string; readonly hint: string } {
  const before = fingerprint()
  const told = site.run(line)
  expect(told.stderr).toMatch(/^error: .+\ntry: .+\n$/)
  expect(told.stdout).toBe('')
  const { stderr, status } = site.run(`${line} --json`)
  const { error } = JSON.parse(stderr)
  expect({ status, code: error.code }).toEqual(expected)
  expect(told.status).toBe(expected.status)
  expect(fingerprint()).toEqual(before)
  return error
}

describe('bad input gets a clear error and changes nothing', () => {
  it('a path that is no store', () => {
    mkdirSync(at('empty'))
    writeFileSync(at('file'), 'x')
    for (const path of ['missing', 'empty', 'file']) {
      expect(refuses(`mantissa users --site ${path}`, { status: 3, code: 'NOT_A_STORE' }).message).toContain(path)
      refuses(`mantissa useradd x@example.com --passwordless --site ${path}`, { status: 3, code: 'NOT_A_STORE' })
    }
    expect(readdirSync(at('empty'))).toEqual([])
  })

  it('a database that is none, and one that is cut off', () => {
    mkdirSync(at('text'))
    writeFileSync(at('text/db.sqlite'), 'this is a letter to my aunt\n'.repeat(100))
    refuses('mantissa users --site text', { status: 3, code: 'NOT_A_STORE' })
    truncateSync(at('example.axiom/db.sqlite'), 20_480)
    rmSync(at('example.axiom/db.sqlite-wal'), { force: true })
    refuses('mantissa users', { status: 6, code: 'STORE_DAMAGED' })
    refuses('mantissa useradd x@example.com --passwordless', { status: 6, code: 'STORE_DAMAGED' })
  })

  it('a store that is newer than the code', () => {
    const database = new Database(at('example.axiom/db.sqlite'))
    database.exec("UPDATE axiom_types SET version = 99 WHERE typename = 'login_method'")
    database.exec('ALTER TABLE item_login_method_v2 RENAME TO item_login_method_v99')
    database.close()
    refuses('mantissa users', { status: 6, code: 'STORE_TOO_NEW' })
  })

  it('two sites in the directory, and none', () => {
    const { message } = refuses('MANTISSA_SITE= mantissa users', { status: 2, code: 'WHICH_SITE' })
    expect(message).toContain('example.axiom, other.axiom')
    mkdirSync(at('nothing'))
    refuses('cd nothing; MANTISSA_SITE= mantissa users', { status: 3, code: 'NO_SITE' })
  })

  it('a user store where a site is meant', () => {
    const path = 'example.axiom/files/account/example.com/alice.axiom'
    refuses(`mantissa useradd x@example.com --passwordless --site ${path}`, { status: 3, code: 'NOT_A_SITE' })
  })

  it.each(['alice', '@example.com', 'a/b@example.com', '../../etc@example.com', 'alice@..', 'a@b@c', '.x@example.com'])(
    'the address %s',
    address => {
      refuses(`mantissa useradd ${address} --passwordless`, { status: 2, code: 'INVALID_ADDRESS' })
    },
  )

  it('a name that is taken, also in another letter case, also as a further address', () => {
    for (const name of ['alice@example.com', 'ALICE@Example.COM', 'Alice@example.org']) {
      const { hint } = refuses(`mantissa useradd ${name} --passwordless`, { status: 4, code: 'ADDRESS_TAKEN' })
      expect(hint).toContain('mantissa user alice@example.com')
    }
  })

  it('a database that somebody writes: after the timeout, naming who it is', () => {
    const holder = new Database(at('example.axiom/db.sqlite'))
    holder.exec('BEGIN IMMEDIATE')
    const began = performance.now()
    const { status, stderr } = site.run('mantissa useradd x@example.com --passwordless --json')
    expect(performance.now() - began).toBeLessThan(8000)
    holder.exec('ROLLBACK')
    holder.close()
    const { error } = JSON.parse(stderr)
    expect({ status, code: error.code }).toEqual({ status: 7, code: 'STORE_BUSY' })
    if (process.platform === 'linux') expect(error.message).toContain(`pid ${process.pid}`)
    expect(site.run('mantissa useradd x@example.com --passwordless').status).toBe(0)
  })
})

it.each([
  ['gone', (path: string) => rmSync(path, { recursive: true })],
  ['cut off', (path: string) => truncateSync(join(path, 'db.sqlite'), 20_480)],
  ['overwritten', (path: string) => writeFileSync(join(path, 'db.sqlite'), 'hello')],
])('one user store that is %s hinders nobody else, and its account can be given up', (_how, harm) => {
  const store = at('example.axiom/files/account/example.com/zoe.axiom')
  rmSync(join(store, 'db.sqlite-wal'), { force: true })
  harm(store)
  expect(site.run('mantissa users').stdout).toContain('zoe@example.com')
  expect(site.run('mantissa user zoe@example.com --json').stdout).toContain('"storeState": "unreadable: ')
  for (const line of [
    'mantissa export-user zoe@example.com zoe.tar.gz',
    'mantissa transfer-user zoe@example.com --to other.axiom',
    'mantissa userdel zoe@example.com --confirm zoe@example.com',
  ]) {
    const { status, stderr } = site.run(`${line} --json`)
    expect({ status, ...JSON.parse(stderr).error }).toMatchObject({
      status: 6,
      code: 'USER_STORE_LOST',
      hint: expect.stringContaining('mantissa userdel zoe@example.com --purge'),
    })
  }
  const disabled = site.run('mantissa usermod zoe@example.com --disable')
  expect(disabled.status).toBe(8)
  expect(disabled.stderr).not.toContain('create-site')
  expect(site.run('mantissa usermod alice@example.com --disable').status).toBe(0)
  expect(site.run('mantissa userdel zoe@example.com --purge --confirm zoe@example.com').status).toBe(0)
  expect(site.run('mantissa useradd zoe@example.com --passwordless').status).toBe(0)
  expect(JSON.parse(site.run('mantissa info --json').stdout)).toMatchObject({ pending: [] })
})

it('a directory left over by an earlier crash is no conflict for ever', () => {
  const leftOver = at('example.axiom/files/account/example.com/eve.axiom')
  cpSync(at('example.axiom/files/account/example.com/zoe.axiom'), leftOver, { recursive: true })
  expect(site.run('mantissa useradd eve@example.com --passwordless').status).toBe(0)
  expect(site.run('mantissa user eve@example.com --json').stdout).toContain('"storeState": "active"')
})

/** Root may write everywhere, so this needs another user to try it. */
describe.runIf(canBeNobody)('a site of somebody else', () => {
  it('that can be read but not written', () => {
    const open = at('example.axiom')
    spawnSync('chmod', ['-R', 'a+rX', join(site.directory, '..')])
    const program = `setpriv ${asNobody.join(' ')} '${process.execPath}' '${join(projectForOthers(), 'bin/mantissa.js')}'`
    const line = `${program} useradd x@example.com --passwordless --site ${open} --json`
    const { status, stderr } = site.run(line)
    expect(JSON.parse(stderr).error.code).toMatch(/^STORE_(?:READ_ONLY|UNREADABLE)$/)
    expect([5, 7]).toContain(status)
    expect(existsSync(at('example.axiom/files/account/example.com/x.axiom'))).toBe(false)
  })
})

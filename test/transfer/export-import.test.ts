import { execFileSync } from 'node:child_process'
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readAccountRecord } from '../../src/accounts/account-rows.js'
import { findAccountByAddress, getAccountByAddress } from '../../src/accounts/find-account.js'
import { parseAddress, parseExistingAddress } from '../../src/base/address.js'
import { findHook, scheduledTick } from '../../src/scheduling/parent-hook.js'
import { TimedEvent } from '../../src/scheduling/timed-event.js'
import { Site } from '../../src/site/site.js'
import { Timestamp } from '../../src/store-engine/attributes/timestamp.js'
import { readFence } from '../../src/store-engine/database/write-fence.js'
import { Store } from '../../src/store-engine/store.js'
import { SubStore } from '../../src/store-engine/sub-store.js'
import { importUser } from '../../src/transfer/arriving/import-user.js'
import { exportUser } from '../../src/transfer/leaving/export-user.js'
import { planExport } from '../../src/transfer/leaving/plan-export.js'
import { hasUnfinishedTransfers } from '../../src/transfer/protocol/recover-transfers.js'
import { cloneFixture } from '../support/fixtures.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { addUser, directoryOfUser, dump, keep, newSite, storeOfUser } from './two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const archive = (file: string) => ({ kind: 'archive', input: createReadStream(file) }) as const
const divmodSite = () => keep(Site.open(cloneFixture('divmod-site.axiom')))

/** An archive of alice@example.com, and her site. */
async function exportedAlice(options: { readonly remove?: boolean } = {}) {
  const site = newSite()
  addUser(site, 'alice@example.com')
  const file = join(temporaryDirectory(), 'alice.tar.gz')
  const result = await exportUser(site, ALICE, { to: { kind: 'archive', file }, ...options })
  return { site, file, result }
}

describe('export and import of an archive', () => {
  it('makes a copy with a store id of its own, and the user stays', async () => {
    const { site, file, result } = await exportedAlice()
    expect(result).toMatchObject({ address: 'alice@example.com', removed: false, path: file, transferId: null })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(findAccountByAddress(site, ALICE)).toBeDefined()
    expect(readFence(storeOfUser(site, 'alice@example.com'))).toBeNull()
    const other = newSite()
    const imported = await importUser(other, archive(file))
    expect(imported).toMatchObject({ address: 'alice@example.com', identity: 'new', epoch: 1 })
    expect(imported.storeId).not.toBe(result.storeId)
    expect(readFence(storeOfUser(other, 'alice@example.com'))).toMatchObject({
      state: 'active',
      storeId: imported.storeId,
    })
    expect([site, other].map(each => readdirSync(join(each.directory, 'temp')))).toEqual([[], []])
  })

  it('takes along what lies in the log of a store that its user has open', async () => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    const store = storeOfUser(site, 'alice@example.com')
    store.transact(() => store.sql.exec('CREATE TABLE mantissa_note AS SELECT 1 AS written'))
    expect(statSync(join(store.directory as string, 'db.sqlite-wal')).size).toBeGreaterThan(0)
    const file = join(temporaryDirectory(), 'alice.tar.gz')
    await exportUser(site, ALICE, { to: { kind: 'archive', file } })
    const other = newSite()
    await importUser(other, archive(file))
    expect(storeOfUser(other, 'alice@example.com').sql.value('SELECT written FROM mantissa_note')).toBe(1)
  })

  it('with remove carries the identity along, and leaves a retired quarantine', async () => {
    const { site, file, result } = await exportedAlice({ remove: true })
    expect(findAccountByAddress(site, ALICE)).toBeUndefined()
    expect(() => getAccountByAddress(site, ALICE)).toThrow(expect.objectContaining({ code: 'NO_SUCH_USER' }))
    const quarantine = Store.open(result.quarantine as string, { readonly: true })
    expect(readFence(quarantine)).toMatchObject({ state: 'retired', storeId: result.storeId })
    quarantine.close()
    const other = newSite()
    const imported = await importUser(other, archive(file))
    expect(imported).toMatchObject({ identity: 'kept', storeId: result.storeId, epoch: 1 })
    await expect(importUser(other, archive(file))).rejects.toMatchObject({ code: 'STORE_IS_HERE' })
    expect([site, other].map(hasUnfinishedTransfers)).toEqual([false, false])
    addUser(site, 'alice@example.com')
  })

  it('goes through a pipe', async () => {
    const site = divmodSite()
    const pipe = new PassThrough()
    const carol = parseExistingAddress('carol@example.net')
    const other = newSite()
    const [exported, imported] = await Promise.all([
      exportUser(site, carol, { to: { kind: 'stream', output: pipe } }),
      importUser(other, { kind: 'archive', input: pipe }),
    ])
    expect(exported).toMatchObject({ path: null, removed: false })
    expect(imported.addresses).toEqual(['carol@example.net', 'carol@example.org'])
    expect(dump(storeOfUser(other, 'carol@example.net'))).toEqual(dump(storeOfUser(site, 'carol@example.net')))
  })

  it('of every user of the original brings back every row, file and method', async () => {
    const site = divmodSite()
    const other = newSite()
    for (const name of [
      'alice@example.org',
      'bob@example.org',
      'zoë@example.org',
      'dave@example.org',
      'admin@example.org',
    ]) {
      const address = parseExistingAddress(name)
      const file = join(temporaryDirectory(), 'user.tar.gz')
      await exportUser(site, address, { to: { kind: 'archive', file } })
      await importUser(other, archive(file), { restore: true })
      expect(readAccountRecord(other, getAccountByAddress(other, address))).toEqual(
        readAccountRecord(site, getAccountByAddress(site, address)),
      )
      expect(dump(storeOfUser(other, name)), name).toEqual(dump(storeOfUser(site, name)))
      execFileSync('diff', [
        '-r',
        join(directoryOfUser(site, name), 'files'),
        join(directoryOfUser(other, name), 'files'),
      ])
    }
  })

  it('under another name is a copy with that address only', async () => {
    const { site, file } = await exportedAlice({ remove: true })
    const imported = await importUser(site, archive(file), { as: parseAddress('alicia@example.com') })
    expect(imported).toMatchObject({ addresses: ['alicia@example.com'], identity: 'new' })
    expect(findAccountByAddress(site, ALICE)).toBeUndefined()
    const store = storeOfUser(site, 'alicia@example.com')
    expect(store.sql.pluck('SELECT localpart FROM item_login_method_v2')).toEqual(['alicia'])
  })

  it('with restore replaces a lost original under its identity, at a higher epoch', async () => {
    const { file, result } = await exportedAlice()
    const other = newSite()
    const imported = await importUser(other, archive(file), { restore: true })
    expect(imported).toMatchObject({ identity: 'kept', storeId: result.storeId, epoch: 1 })
  })

  it('carries what the site had changed: its login rows are authoritative', async () => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    getAccountByAddress(site, ALICE).passwordHash = 'of the site'
    getAccountByAddress(site, ALICE).disabled = 1
    const file = join(temporaryDirectory(), 'alice.tar.gz')
    await exportUser(site, ALICE, { to: { kind: 'archive', file } })
    const other = newSite()
    expect(await importUser(other, archive(file))).toMatchObject({ disabled: true })
    expect(getAccountByAddress(other, ALICE).passwordHash).toBe('of the site')
  })

  it('a plan changes nothing', async () => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    const to = { kind: 'directory', directory: temporaryDirectory() } as const
    expect(await planExport(site, ALICE, { to })).toMatchObject({ format: 'directory', removed: false })
    expect(readdirSync(to.directory)).toEqual([])
  })
})

describe('the directory form', () => {
  it('is named like the user and has the four entries of a store', async () => {
    const site = divmodSite()
    const directory = temporaryDirectory()
    const dave = parseExistingAddress('dave@example.org')
    const result = await exportUser(site, dave, { to: { kind: 'directory', directory } })
    expect(result.path).toBe(join(directory, 'dave@example.org.axiom'))
    expect(readdirSync(directory)).toEqual(['dave@example.org.axiom'])
    expect(readdirSync(result.path as string).sort()).toEqual(['db.sqlite', 'files', 'run', 'temp'])
    const before = dump(storeOfUser(site, 'dave@example.org'))
    const other = newSite()
    await importUser(other, { kind: 'directory', directory: result.path as string })
    expect(dump(storeOfUser(other, 'dave@example.org'))).toEqual(before)
    expect(existsSync(result.path as string)).toBe(true)
  })

  it.each(['carol@example.net', 'dave@example.org', 'alice@example.org'])(
    'takes what the original has extracted: %s',
    async name => {
      const directory = join(cloneFixture('extracted-users'), `${name}.axiom`)
      const before = dump(Store.open(directory, { readonly: true, tolerateNewer: true }))
      const site = newSite()
      const imported = await importUser(site, { kind: 'directory', directory })
      expect(imported).toMatchObject({ address: name, identity: 'new' })
      expect(dump(storeOfUser(site, name))).toEqual(before)
    },
  )

  it('brings all three back to the site that the original took them from', async () => {
    const site = keep(Site.open(cloneFixture('divmod-site-after-extract.axiom')))
    const users = cloneFixture('extracted-users')
    for (const name of readdirSync(users)) await importUser(site, { kind: 'directory', directory: join(users, name) })
    const whole = divmodSite()
    for (const name of ['alice@example.org', 'carol@example.net', 'dave@example.org']) {
      const address = parseExistingAddress(name)
      expect(readAccountRecord(site, getAccountByAddress(site, address))).toEqual(
        readAccountRecord(whole, getAccountByAddress(whole, address)),
      )
      const [here, there] = [site, whole].map(each => getAccountByAddress(each, address).avatars as SubStore)
      expect(scheduledTick(site.store, here as SubStore)?.microseconds).toBe(
        scheduledTick(whole.store, there as SubStore)?.microseconds,
      )
    }
  })

  it('refuses a store that is being moved, and a quarantine unless it is restored', async () => {
    const { site, result } = await exportedAlice({ remove: true })
    const directory = result.quarantine as string
    await expect(importUser(site, { kind: 'directory', directory })).rejects.toMatchObject({
      code: 'STORE_CHANGING_HANDS',
    })
    const restored = await importUser(site, { kind: 'directory', directory }, { restore: true })
    expect(restored).toMatchObject({ identity: 'kept', epoch: 2 })
  })

  it('refuses an occupied place', async () => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'alice@example.com.axiom'))
    const to = { kind: 'directory', directory } as const
    await expect(exportUser(site, ALICE, { to })).rejects.toMatchObject({ code: 'PATH_TAKEN' })
  })
})

describe('accounts that leave and come back', () => {
  it('behaviour 17: extracting removes account, substore item, hook and directory', async () => {
    const site = divmodSite()
    const alice = parseExistingAddress('alice@example.org')
    const directory = directoryOfUser(site, 'alice@example.org')
    const subStore = getAccountByAddress(site, alice).avatars
    expect(subStore instanceof SubStore && findHook(site.store, subStore)).toBeTruthy()
    await exportUser(site, alice, { to: { kind: 'directory', directory: temporaryDirectory() }, remove: true })
    expect(findAccountByAddress(site, alice)).toBeUndefined()
    expect(site.store.findFirst(SubStore, SubStore.storepath.equals(directory))).toBeUndefined()
    expect(site.store.sql.pluck('SELECT oid FROM item_axiom_subscheduler_parent_hook_v4')).toEqual([])
    expect(existsSync(directory)).toBe(false)
  })

  it('behaviour 18: extracting works with pending timed events, which travel along', async () => {
    const site = divmodSite()
    const directory = temporaryDirectory()
    const events = dump(storeOfUser(site, 'alice@example.org'))['item_timed_event_v1']
    expect(events?.length).toBeGreaterThan(0)
    const to = { kind: 'directory', directory } as const
    const { path } = await exportUser(site, parseExistingAddress('alice@example.org'), { to, remove: true })
    const extracted = Store.open(path as string, { readonly: true })
    expect(dump(extracted)['item_timed_event_v1']).toEqual(events)
    extracted.close()
  })

  it('behaviour 19: inserting brings the data back, and makes hook and event anew, for the earliest event', async () => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    const store = storeOfUser(site, 'alice@example.com')
    for (const time of [3_000_000n, 1_000_000n, 2_000_000n])
      store.create(TimedEvent, { time: Timestamp.fromMicroseconds(time), runnable: null })
    const to = { kind: 'directory', directory: temporaryDirectory() } as const
    const { path } = await exportUser(site, ALICE, { to, remove: true })
    await importUser(site, { kind: 'directory', directory: path as string })
    const subStore = getAccountByAddress(site, ALICE).avatars as SubStore
    expect(scheduledTick(site.store, subStore)?.microseconds).toBe(1_000_000n)
    expect(storeOfUser(site, 'alice@example.com').query(TimedEvent).count()).toBe(3)
  })

  it('behaviour 20: inserting works without timed events, and makes no hook', async () => {
    const { site, file } = await exportedAlice({ remove: true })
    await importUser(site, archive(file))
    expect(findHook(site.store, getAccountByAddress(site, ALICE).avatars as SubStore)).toBeUndefined()
  })

  it('behaviour 21: inserting makes a missing directory of the domain', async () => {
    const { file } = await exportedAlice()
    const other = newSite()
    expect(existsSync(join(other.directory, 'files/account/example.com'))).toBe(false)
    await importUser(other, archive(file))
    expect(directoryOfUser(other, 'alice@example.com')).toBe(
      join(other.directory, 'files/account/example.com/alice.axiom'),
    )
  })
})

describe('importUser refuses, and leaves nothing behind', () => {
  const refused = async (site: Site, bytes: Buffer) => {
    const before = dump(site.store, ['mantissa_transfer'])
    const error = await importUser(site, { kind: 'archive', input: Readable.from([bytes]) }).then(
      () => ({ code: 'imported' }),
      (reason: { code: string }) => reason,
    )
    expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
    expect(dump(site.store, ['mantissa_transfer'])).toEqual(before)
    expect(hasUnfinishedTransfers(site)).toBe(false)
    return error.code
  }

  it('an archive that was cut off or changed on the way', async () => {
    const { file } = await exportedAlice()
    const site = newSite()
    const bytes = readFileSync(file)
    for (const length of [0, 10, 1000, bytes.length >> 1, bytes.length - 9])
      expect(await refused(site, bytes.subarray(0, length))).toMatch(/^ARCHIVE_/)
    const bent = Buffer.from(bytes)
    bent[bytes.length - 6] = (bent[bytes.length - 6] ?? 0) ^ 0x40
    expect(await refused(site, bent)).toMatch(/^ARCHIVE_|^VERIFICATION_/)
  })

  it('a name that is taken, in any letter case, also by a disabled account', async () => {
    const { file } = await exportedAlice()
    const site = newSite()
    addUser(site, 'ALICE@EXAMPLE.COM')
    getAccountByAddress(site, ALICE).disabled = 1
    expect(await refused(site, readFileSync(file))).toBe('ADDRESS_TAKEN')
  })

  it('a database with a trigger, with its hashes right', async () => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    const directory = temporaryDirectory()
    const { path } = await exportUser(site, ALICE, { to: { kind: 'directory', directory } })
    const store = Store.open(path as string)
    store.transact(() => store.sql.exec('CREATE VIEW evil AS SELECT 1'), { ignoreFence: true })
    store.close()
    const other = newSite()
    await expect(importUser(other, { kind: 'directory', directory: path as string })).rejects.toMatchObject({
      code: 'FOREIGN_SCHEMA',
    })
    expect(hasUnfinishedTransfers(other)).toBe(false)
  })

  it('a store that is no user’s, and a file that is no store', async () => {
    const site = newSite()
    const directory = join(temporaryDirectory(), 'empty.axiom')
    Store.create(directory).close()
    await expect(importUser(site, { kind: 'directory', directory })).rejects.toMatchObject({
      code: 'NO_ACCOUNT_IN_STORE',
    })
    writeFileSync(join(directory, 'db.sqlite'), 'not a database at all, but long enough to be looked at')
    await expect(importUser(site, { kind: 'directory', directory })).rejects.toMatchObject({ code: expect.any(String) })
    expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
  })

  it('a failure does not make the archive of somebody who left older than it is', async () => {
    const { site, file } = await exportedAlice({ remove: true })
    for (const failing of ['stage', 'prepare', 'place', undefined]) {
      const importing = importUser(site, archive(file), {
        observe: (step, moment) => {
          if (step === failing && moment === 'after') throw new Error('no more')
        },
      })
      if (failing !== undefined) await expect(importing, failing).rejects.toThrow('no more')
      else expect(await importing).toMatchObject({ identity: 'kept' })
    }
  })

  it.each(['reserve', 'stage', 'verify', 'prepare'])('a signal that comes in %s takes everything back', async step => {
    const { file } = await exportedAlice()
    const site = newSite()
    const stop = new AbortController()
    const importing = importUser(site, archive(file), {
      signal: stop.signal,
      observe: (name, moment) => {
        if (name === step && moment === 'after') stop.abort(new Error('enough'))
      },
    })
    await expect(importing).rejects.toMatchObject({ code: 'TRANSFER_ROLLED_BACK' })
    expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
    expect(findAccountByAddress(site, ALICE)).toBeUndefined()
  })

  it('a failure at any step takes everything back', async () => {
    const { file } = await exportedAlice()
    for (const failing of ['reserve', 'stage', 'verify', 'prepare', 'place', 'admit']) {
      const site = newSite()
      const importing = importUser(site, archive(file), {
        observe: (step, moment) => {
          if (step === failing && moment === 'before') throw new Error('no more')
        },
      })
      await expect(importing, failing).rejects.toThrow('no more')
      expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
      expect(findAccountByAddress(site, ALICE)).toBeUndefined()
      expect(existsSync(join(site.directory, 'files/account/example.com/alice.axiom'))).toBe(false)
      await importUser(site, archive(file))
    }
  })
})

describe('exportUser that fails', () => {
  it('holds the end of a stream back until it is decided, so that nobody imports a user who stays', async () => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    const pipe = new PassThrough()
    const other = newSite()
    const importing = importUser(other, { kind: 'archive', input: pipe }).then(
      () => 'imported',
      () => 'refused',
    )
    const exporting = exportUser(site, ALICE, {
      to: { kind: 'stream', output: pipe },
      remove: true,
      observe: (step, moment) => {
        if (step === 'commit' && moment === 'before') throw new Error('no more')
      },
    })
    await expect(exporting).rejects.toThrow('no more')
    expect(await importing).toBe('refused')
    expect(findAccountByAddress(site, ALICE)).toBeDefined()
    expect(findAccountByAddress(other, ALICE)).toBeUndefined()
  })

  it('when the reader of a stream goes away after the decision, says where the store is kept', async () => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    const pipe = new PassThrough()
    pipe.resume()
    const exporting = exportUser(site, ALICE, {
      to: { kind: 'stream', output: pipe },
      remove: true,
      observe: (step, moment) => {
        if (step === 'commit' && moment === 'after') pipe.destroy(new Error('gone'))
      },
    })
    const error = (await exporting.catch(reason => reason)) as { code: string; details: { quarantine: string } }
    expect(error.code).toBe('EXPORT_INCOMPLETE')
    const directory = error.details.quarantine
    expect(await importUser(site, { kind: 'directory', directory }, { restore: true })).toMatchObject({
      identity: 'kept',
    })
  })

  it.each(['plan', 'copy', 'seal', 'commit'])('in %s leaves the user where they were, and no file', async failing => {
    const site = newSite()
    addUser(site, 'alice@example.com')
    const directory = temporaryDirectory()
    const exporting = exportUser(site, ALICE, {
      to: { kind: 'archive', file: join(directory, 'alice.tar.gz') },
      remove: true,
      observe: (step, moment) => {
        if (step === failing && moment === 'before') throw new Error('no more')
      },
    })
    await expect(exporting).rejects.toThrow('no more')
    expect(readdirSync(directory)).toEqual([])
    expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
    expect(findAccountByAddress(site, ALICE)).toBeDefined()
    const store = storeOfUser(site, 'alice@example.com')
    store.transact(() => store.sql.exec('CREATE TABLE mantissa_probe (x)'))
    expect(hasUnfinishedTransfers(site)).toBe(false)
  })
})

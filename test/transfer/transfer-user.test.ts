import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addressesOf } from '../../src/accounts/account-record.js'
import { readAccountRecord } from '../../src/accounts/account-rows.js'
import { findAccountByAddress, getAccountByAddress } from '../../src/accounts/find-account.js'
import { formatAddress, parseExistingAddress } from '../../src/base/address.js'
import { Site } from '../../src/site/site.js'
import { listTransfers } from '../../src/site/transfers-journal.js'
import { readFence } from '../../src/store-engine/database/write-fence.js'
import { FORWARD, PROTOCOL } from '../../src/transfer/protocol/protocol.js'
import { planUserTransfer, transferUser } from '../../src/transfer/transfer-user.js'
import { cloneFixture } from '../support/fixtures.js'
import { addUser, directoryOfUser, dump, keep, newSite, storeOfUser } from './two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const CAROL = parseExistingAddress('carol@example.net')

describe('transferUser', () => {
  it('moves a user, and the source knows only where they went', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const before = directoryOfUser(source, 'alice@example.com')
    const result = await transferUser(source, ALICE, { to: target })
    expect(result).toMatchObject({ address: 'alice@example.com', epoch: 1, images: 1 })
    expect(() => getAccountByAddress(source, ALICE)).toThrow(expect.objectContaining({ code: 'MOVED' }))
    const after = storeOfUser(target, 'alice@example.com')
    expect(readFence(after)).toMatchObject({ state: 'active', epoch: 1, storeId: result.storeId })
    expect(existsSync(before)).toBe(false)
    expect(existsSync(join(result.quarantine, 'db.sqlite'))).toBe(true)
    expect(listTransfers(source)[0]).toMatchObject({ state: 'HANDED_OVER', decision: 'commit', isOpen: false })
    expect(listTransfers(target)[0]).toMatchObject({ state: 'CLOSED', isOpen: false })
    expect(readdirSync(join(target.directory, 'temp'))).toEqual([])
    after.transact(() => after.sql.exec('CREATE TABLE mantissa_probe (x)'))
  })

  it('takes the steps of the protocol in its order', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const seen: string[] = []
    await transferUser(source, ALICE, { to: target, observe: (step, moment) => seen.push(`${step} ${moment}`) })
    const divisible = PROTOCOL.filter(step => 'isDivisible' in step && FORWARD.includes(step.name)).map(
      ({ name }) => name,
    )
    expect(seen.filter(text => text.endsWith(' within'))).toEqual(divisible.map(step => `${step} within`))
    expect(seen.filter(text => text.endsWith(' before'))).toEqual(FORWARD.map(step => `${step} before`))
    expect(seen.filter(text => text.endsWith(' after'))).toEqual(FORWARD.map(step => `${step} after`))
  })

  it('carries a user of the original byte for byte', async () => {
    const source = keep(Site.open(cloneFixture('divmod-site.axiom')))
    const target = newSite()
    const before = dump(storeOfUser(source, 'carol@example.net'))
    await transferUser(source, CAROL, { to: target })
    const after = dump(storeOfUser(target, 'carol@example.net'))
    expect(after).toEqual(before)
    expect(Object.entries(after).find(([table]) => table.startsWith('item_mantissa_person_v'))?.[1]).toHaveLength(201)
    expect(findAccountByAddress(target, parseExistingAddress('carol@example.org'))).toBeDefined()
    expect(findAccountByAddress(source, parseExistingAddress('CAROL@EXAMPLE.NET'))).toBeUndefined()
  })

  it('carries every user of the original with all methods, files and events', async () => {
    const source = keep(Site.open(cloneFixture('divmod-site.axiom')))
    const target = newSite()
    for (const name of ['alice@example.org', 'bob@example.org', 'zoë@example.org', 'dave@example.org']) {
      const address = parseExistingAddress(name)
      const record = readAccountRecord(source, getAccountByAddress(source, address))
      const before = dump(storeOfUser(source, name))
      await transferUser(source, address, { to: target })
      expect(dump(storeOfUser(target, name)), name).toEqual(before)
      expect(readAccountRecord(target, getAccountByAddress(target, address))).toEqual(record)
      for (const each of addressesOf(record))
        expect(findAccountByAddress(source, each), formatAddress(each)).toBeUndefined()
    }
  })

  it('moves back and forth as often as one likes, and the epoch rises', async () => {
    const [one, other] = [newSite(), newSite()]
    addUser(one, 'alice@example.com')
    for (let epoch = 1; epoch <= 5; epoch++) {
      const [from, to] = epoch % 2 === 1 ? [one, other] : [other, one]
      expect(await transferUser(from, ALICE, { to })).toMatchObject({ epoch })
      expect(findAccountByAddress(to, ALICE)).toBeDefined()
    }
    expect(readdirSync(join(one.directory, 'temp'))).toHaveLength(3)
    expect(directoryOfUser(other, 'alice@example.com')).toMatch(/example\.com\/alice\.axiom$/)
  })

  it('copies files, also those that change while it copies', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const store = storeOfUser(source, 'alice@example.com')
    const write = (name: string, text: string) => {
      const file = store.newFile('letters', name)
      file.write(Buffer.from(text))
      file.close()
    }
    write('zoë.txt', 'first')
    write('kept.txt', 'kept')
    const result = await transferUser(source, ALICE, {
      to: target,
      observe: (step, moment) => {
        if (step !== 'copy' || moment !== 'after') return
        write('zoë.txt', 'second')
        write('new.txt', 'new')
      },
    })
    const directory = join(directoryOfUser(target, 'alice@example.com'), 'files/letters')
    expect(readdirSync(directory).sort()).toEqual(['kept.txt', 'new.txt', 'zoë.txt'])
    expect(readFileSync(join(directory, 'zoë.txt'), 'utf8')).toBe('second')
    expect(result.files).toBe(3)
  })

  it('takes a second image where the user wrote after the first, and loses nothing', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const store = storeOfUser(source, 'alice@example.com')
    store.transact(() => store.sql.exec('CREATE TABLE mantissa_note (text)'))
    const note = (text: string) => store.transact(() => store.sql.run('INSERT INTO mantissa_note VALUES (?)', text))
    note('before')
    const result = await transferUser(source, ALICE, {
      to: target,
      observe: (step, moment) => {
        if (step === 'copy' && moment === 'after') note('while copying')
        if (step === 'seal' && moment === 'after')
          expect(() => note('too late')).toThrow(expect.objectContaining({ code: 'STORE_SEALED' }))
      },
    })
    expect(result.images).toBe(2)
    const arrived = storeOfUser(target, 'alice@example.com')
    expect(arrived.sql.pluck('SELECT text FROM mantissa_note ORDER BY rowid')).toEqual(['before', 'while copying'])
  })

  it('carries the site’s login rows, which are authoritative, into the copy', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const account = getAccountByAddress(source, ALICE)
    account.passwordHash = 'changed at the site only'
    await transferUser(source, ALICE, { to: target })
    expect(getAccountByAddress(target, ALICE).passwordHash).toBe('changed at the site only')
    const copy = storeOfUser(target, 'alice@example.com')
    expect(copy.sql.pluck('SELECT passwordHash FROM item_login_v3')).toEqual(['changed at the site only'])
  })

  it('a plan touches nothing', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const database = join(directoryOfUser(source, 'alice@example.com'), 'db.sqlite')
    const bytes = readFileSync(database)
    const plan = await planUserTransfer(source, ALICE, { to: target })
    expect(plan).toMatchObject({ address: 'alice@example.com', to: target.directory, storeId: null, warnings: [] })
    expect(readFileSync(database).equals(bytes)).toBe(true)
    expect([...listTransfers(source), ...listTransfers(target)]).toEqual([])
  })
})

describe('transferUser refuses, and changes nothing', () => {
  const refused = async (source: Site, target: Site, address = ALICE) => {
    const error = await transferUser(source, address, { to: target }).then(
      () => undefined,
      (reason: { code: string }) => reason,
    )
    expect(listTransfers(target, { open: true })).toEqual([])
    expect(findAccountByAddress(source, address)).toBeDefined()
    return error?.code
  }

  it('a name that is taken at the target in another letter case', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    addUser(target, 'ALICE@Example.com')
    expect(await refused(source, target)).toBe('ADDRESS_TAKEN')
  })

  it('a target without a login system', async () => {
    const source = newSite()
    addUser(source, 'alice@example.com')
    const { createSiteStore } = await import('../../src/site/site.js')
    const bare = keep(createSiteStore(join(source.directory, '../bare.axiom')))
    expect(await refused(source, bare)).toBe('NO_LOGIN_SYSTEM')
  })

  it('the same site, also under another name, and a site inside the other', async () => {
    const source = newSite()
    addUser(source, 'alice@example.com')
    expect(await refused(source, source)).toBe('SAME_SITE')
    const inside = newSite('inner.axiom', join(source.directory, 'files'))
    expect(await refused(source, inside)).toBe('NESTED_SITES')
  })

  it('a store that a process has open which is not run by Node, unless told that it does not write', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const database = join(directoryOfUser(source, 'alice@example.com'), 'db.sqlite')
    const script = `fs.openSync(${JSON.stringify(database)}); console.log('open'); setTimeout(() => {}, 60_000)`
    const holder = spawn(process.execPath, ['-e', script], { argv0: 'sqlite3' })
    try {
      await once(holder.stdout, 'data')
      expect(await refused(source, target)).toBe('STORE_IN_USE')
      await transferUser(source, ALICE, { to: target, assumeStopped: true })
    } finally {
      holder.kill()
    }
  })

  it('a link among the files', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const { symlinkSync } = await import('node:fs')
    symlinkSync('/etc/passwd', join(directoryOfUser(source, 'alice@example.com'), 'files/link'))
    expect(await refused(source, target)).toBe('FILE_NOT_MOVABLE')
  })

  it('a store that a trigger was put into', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const store = storeOfUser(source, 'alice@example.com')
    store.transact(() => store.sql.exec('CREATE TRIGGER t AFTER INSERT ON axiom_objects BEGIN SELECT 1; END'))
    expect(await refused(source, target)).toBe('FOREIGN_SCHEMA')
  })

  it('a damaged database, found in the copy; the user can go on writing', async () => {
    const [source, target] = [newSite(), newSite()]
    addUser(source, 'alice@example.com')
    const directory = directoryOfUser(source, 'alice@example.com')
    {
      const store = storeOfUser(source, 'alice@example.com')
      store.transact(() => {
        store.sql.exec('CREATE TABLE mantissa_big (x)')
        for (let i = 0; i < 200; i++) store.sql.run('INSERT INTO mantissa_big VALUES (?)', 'x'.repeat(500))
      })
      store.close()
    }
    const bytes = readFileSync(join(directory, 'db.sqlite'))
    bytes.fill(0xee, bytes.length - 3 * 4096, bytes.length - 2 * 4096)
    writeFileSync(join(directory, 'db.sqlite'), bytes)
    expect(await refused(source, target)).toBe('STORE_DAMAGED')
    expect(readdirSync(join(target.directory, 'temp'))).toEqual([])
    const store = storeOfUser(source, 'alice@example.com')
    store.transact(() => store.sql.run("INSERT INTO mantissa_big VALUES ('still writable')"))
  })
})

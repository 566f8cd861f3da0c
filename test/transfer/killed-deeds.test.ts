import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findAccountByAddress } from '../../src/accounts/find-account.js'
import { parseExistingAddress } from '../../src/base/address.js'
import { Site } from '../../src/site/site.js'
import { listTransfers } from '../../src/site/transfers-journal.js'
import { readFence } from '../../src/store-engine/database/write-fence.js'
import { importUser } from '../../src/transfer/arriving/import-user.js'
import { removeAbandonedExports } from '../../src/transfer/leaving/abandoned-exports.js'
import { exportUser } from '../../src/transfer/leaving/export-user.js'
import { discardedDirectory, stagingDirectory } from '../../src/transfer/places.js'
import type { Moment, StepName } from '../../src/transfer/protocol/protocol.js'
import { hasUnfinishedTransfers, recoverTransfers } from '../../src/transfer/protocol/recover-transfers.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { addUser, keep, newSite, storeOfUser } from './two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')

/** Runs the deed in a process that dies, and opens the site that it leaves. */
function kill(deed: 'export' | 'import' | 'remove', site: Site, words: readonly [string, StepName, Moment]): Site {
  site.close()
  const script = join(import.meta.dirname, 'killed-deed.mjs')
  const child = spawnSync(process.execPath, [script, deed, site.directory, ...words], { encoding: 'utf8' })
  expect(child.signal, child.stderr).toBe('SIGKILL')
  const left = keep(Site.open(site.directory))
  removeAbandonedExports(left)
  return left
}

function expectSettled(site: Site): void {
  expect(hasUnfinishedTransfers(site)).toBe(false)
  expect(readdirSync(join(site.directory, 'temp')).filter(name => !name.startsWith('moved-'))).toEqual([])
  expect(site.store.sql.pluck('SELECT name FROM mantissa_reservation')).toEqual([])
}

describe('an import whose process was killed', () => {
  it.each([
    ['reserve', 'after', false],
    ['stage', 'after', false],
    ['verify', 'after', false],
    ['prepare', 'within', false],
    ['prepare', 'after', true],
    ['place', 'within', true],
    ['admit', 'after', true],
    ['probe', 'after', true],
  ] as const)('%s (%s): arrived is %s, and nothing is left over', async (step, moment, arrived) => {
    const place = temporaryDirectory()
    const origin = newSite('origin.axiom')
    addUser(origin, 'alice@example.com')
    await exportUser(origin, ALICE, { to: { kind: 'directory', directory: place } })
    const site = kill('import', newSite(), [place, step, moment])
    await recoverTransfers(site)
    expectSettled(site)
    expect(findAccountByAddress(site, ALICE) !== undefined).toBe(arrived)
    if (arrived) expect(readFence(storeOfUser(site, 'alice@example.com'))).toMatchObject({ state: 'active' })
    else await importUser(site, { kind: 'directory', directory: join(place, 'alice@example.com.axiom') })
  })
})

it('an import that was prepared is completed, also where it was killed while it took the copy away', async () => {
  const place = temporaryDirectory()
  const origin = newSite('origin.axiom')
  addUser(origin, 'alice@example.com')
  await exportUser(origin, ALICE, { to: { kind: 'directory', directory: place } })
  const site = kill('import', newSite(), [place, 'prepare', 'after'])
  const [{ id } = { id: '' }] = listTransfers(site, { open: true })
  renameSync(stagingDirectory(site, id), discardedDirectory(site, id))
  expect(await recoverTransfers(site)).toMatchObject([{ outcome: 'finished' }])
  expectSettled(site)
  expect(readFence(storeOfUser(site, 'alice@example.com'))).toMatchObject({ state: 'active' })
})

describe('an export with remove whose process was killed', () => {
  it.each([
    ['plan', 'after', false],
    ['copy', 'after', false],
    ['seal', 'within', false],
    ['seal', 'after', false],
    ['commit', 'before', false],
    ['commit', 'after', true],
    ['hand-over', 'within', true],
    ['hand-over', 'after', true],
    ['retire', 'after', true],
  ] as const)('%s (%s): left is %s, and the user is in one place', async (step, moment, left) => {
    const place = temporaryDirectory()
    const origin = newSite()
    addUser(origin, 'alice@example.com')
    const site = kill('export', origin, [place, step, moment])
    await recoverTransfers(site)
    expectSettled(site)
    expect(findAccountByAddress(site, ALICE) === undefined).toBe(left)
    expect(readdirSync(place)).toEqual(left ? ['alice@example.com.axiom'] : [])
    if (left) {
      const exported = join(place, 'alice@example.com.axiom')
      expect(existsSync(exported)).toBe(true)
      expect(await importUser(site, { kind: 'directory', directory: exported })).toMatchObject({ identity: 'kept' })
    }
    const store = storeOfUser(site, 'alice@example.com')
    store.transact(() => store.sql.exec('CREATE TABLE mantissa_probe (x)'))
  })
})

describe('a removal into an archive whose process was killed', () => {
  it.each([
    ['seal', 'after', false],
    ['commit', 'before', false],
    ['commit', 'after', true],
    ['hand-over', 'within', true],
    ['hand-over', 'after', true],
    ['retire', 'after', true],
    ['quarantine', 'within', true],
    ['quarantine', 'after', true],
  ] as const)('%s (%s): left is %s, and there is a store or a whole archive', async (step, moment, left) => {
    const place = temporaryDirectory()
    const origin = newSite()
    addUser(origin, 'alice@example.com')
    const site = kill('remove', origin, [place, step, moment])
    await recoverTransfers(site)
    expectSettled(site)
    expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
    expect(findAccountByAddress(site, ALICE) === undefined).toBe(left)
    expect(readdirSync(place)).toEqual(left ? ['alice.tar.gz'] : [])
    if (!left) return
    expect(existsSync(join(site.directory, 'files/account/example.com/alice.axiom'))).toBe(false)
    const input = createReadStream(join(place, 'alice.tar.gz'))
    expect(await importUser(site, { kind: 'archive', input })).toMatchObject({ identity: 'kept' })
  })
})

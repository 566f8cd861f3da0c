import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readAccountRecord, subStoreOf } from '../../src/accounts/account-rows.js'
import { findAccountByAddress } from '../../src/accounts/find-account.js'
import { countAccounts } from '../../src/accounts/list-accounts.js'
import { LoginAccount } from '../../src/accounts/login-account.js'
import '../../src/accounts/recoveries.js'
import { parseAddress } from '../../src/base/address.js'
import { listDeeds } from '../../src/site/deeds.js'
import { Site } from '../../src/site/site.js'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const dieAt = fileURLToPath(new URL('../support/die-at.mjs', import.meta.url))
const bob = parseAddress('bob@example.com')

async function prepared(): Promise<string> {
  const cwd = temporaryDirectory()
  for (const line of ['create-site site.axiom --hostname example.com', 'useradd alice@example.com --passwordless'])
    expect(await mantissa(line, { cwd })).toMatchObject({ code: 0 })
  return cwd
}

/** Runs a verb on fresh copies of the directory, killing it at its first step, its second, and so on to its end. */
async function killAtEveryStep(from: string, line: string, look: (cwd: string, step: number) => void): Promise<number> {
  for (let step = 1; ; step += 1) {
    const cwd = temporaryDirectory()
    cpSync(from, cwd, { recursive: true })
    const variables = { DIE_AT: String(step) }
    const { signal, code, err } = await mantissa(line, { cwd, variables, nodeOptions: ['--import', dieAt] })
    if (signal === null) expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
    look(cwd, step)
    if (signal === null) return step
  }
}

/** Opens the site as any changing verb does, which recovers, and says what must hold after any crash. */
function recovered(cwd: string): Site {
  const site = Site.open(join(cwd, 'site.axiom'))
  expect(listDeeds(site)).toEqual([])
  expect(site.store.sql.all('SELECT * FROM mantissa_reservation')).toEqual([])
  expect(readdirSync(join(site.directory, 'temp'))).toEqual([])
  for (const account of site.store.query(LoginAccount)) {
    const subStore = subStoreOf(account)
    if (subStore === undefined) continue
    using userStore = subStore.open()
    const copy = readAccountRecord(userStore, userStore.findUnique(LoginAccount))
    expect(copy).toEqual(readAccountRecord(site, account))
  }
  return site
}

describe('a process that is killed at any step', () => {
  it('of useradd leaves the whole account or nothing of it', async () => {
    const steps = await killAtEveryStep(await prepared(), 'useradd bob@example.com --passwordless', cwd => {
      using site = recovered(cwd)
      const exists = findAccountByAddress(site, bob) !== undefined
      expect(existsSync(join(site.directory, 'files/account/example.com/bob.axiom'))).toBe(exists)
    })
    expect(steps).toBeGreaterThan(10)
  }, 120_000)

  it('of usermod leaves both stores saying the same', async () => {
    await killAtEveryStep(await prepared(), 'usermod alice@example.com --disable', cwd => recovered(cwd).close())
  }, 120_000)

  it('of userdel --purge leaves the whole account or nothing of it', async () => {
    const line = 'userdel alice@example.com --purge --confirm alice@example.com'
    await killAtEveryStep(await prepared(), line, cwd => {
      using site = recovered(cwd)
      const exists = findAccountByAddress(site, parseAddress('alice@example.com')) !== undefined
      expect(existsSync(join(site.directory, 'files/account/example.com/alice.axiom'))).toBe(exists)
    })
  }, 120_000)

  it('of useradd --from leaves whole accounts only', async () => {
    const from = await prepared()
    writeFileSync(join(from, 'list.csv'), 'address\nc@example.com\nd@example.com\n')
    await killAtEveryStep(from, 'useradd --from list.csv', cwd => {
      using site = recovered(cwd)
      const made = countAccounts(site) - 1
      expect([0, 2]).toContain(made)
      expect(readdirSync(join(site.directory, 'files/account/example.com'))).toHaveLength(made + 1)
    })
  }, 120_000)

  it('of useradd lets the same command be given again', async () => {
    const cwd = await prepared()
    const line = 'useradd bob@example.com --passwordless'
    await mantissa(line, { cwd, variables: { DIE_AT: '9' }, nodeOptions: ['--import', dieAt] })
    expect(await mantissa(line, { cwd })).toMatchObject({ code: 0 })
    using site = recovered(cwd)
    const account = findAccountByAddress(site, bob) as LoginAccount
    expect(subStoreOf(account)?.storepath).toBe(join(site.directory, 'files/account/example.com/bob.axiom'))
  })
})

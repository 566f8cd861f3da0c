import { hash } from '@node-rs/argon2'
import { beforeAll, describe, expect, it } from 'vitest'
import { subStoreOf } from '../../src/accounts/account-rows.js'
import { authenticate, preauthenticate } from '../../src/accounts/authenticate.js'
import { createAccount } from '../../src/accounts/create-account.js'
import {
  BadCredentialsError,
  LoginQueueFullError,
  MissingDomainPartError,
  NoSuchUserLoginError,
  UnauthorizedLoginError,
} from '../../src/accounts/errors.js'
import { LoginAccount } from '../../src/accounts/login-account.js'
import { getLoginSystem } from '../../src/accounts/login-system.js'
import { hashPassword, isPasswordHash, verifyPassword } from '../../src/accounts/password.js'
import { replacePassword, setPassword } from '../../src/accounts/set-password.js'
import { parseAddress } from '../../src/base/address.js'
import { Site } from '../../src/site/site.js'
import type { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'
import { newSite } from './new-site.js'
import { quickestOf } from './quickest-of.js'

let passwordHash: string

beforeAll(async () => {
  passwordHash = await hashPassword('right')
})

function siteWith(name: string, facts: { disabled?: boolean; hash?: string | null } = {}) {
  const site = newSite()
  const { disabled = false, hash = passwordHash } = facts
  const account = createAccount(site, { address: parseAddress(name), passwordHash: hash, disabled })
  return { site, account }
}

describe('authenticate', () => {
  it('behaviour 7: a login works on a site that was closed and opened again', async () => {
    const { site } = siteWith('bob@localhost')
    const { directory } = site
    site.close()
    using again = Site.open(directory)
    expect((await authenticate(again, 'bob@localhost', 'right')).passwordHash).toBe(passwordHash)
  })

  it('behaviour 8: bob logs in to the account BOB', async () => {
    const { site, account } = siteWith('BOB@localhost')
    expect((await authenticate(site, 'bob@localhost', 'right')).storeID).toBe(account.storeID)
  })

  it('behaviour 9: letter case does not matter anywhere in the name', async () => {
    const { site, account } = siteWith('BoB@LocalHost')
    expect((await authenticate(site, 'bOb@lOCALhOST', 'right')).storeID).toBe(account.storeID)
  })

  it('behaviour 22: an unknown user is refused', async () => {
    const { site } = siteWith('bob@localhost')
    await expect(authenticate(site, 'rob@localhost', 'right')).rejects.toThrow(NoSuchUserLoginError)
  })

  it('behaviour 23: a name without domain is refused', async () => {
    const { site } = siteWith('bob@localhost')
    await expect(authenticate(site, 'bob', 'right')).rejects.toThrow(MissingDomainPartError)
  })

  it('behaviour 24: right password yields the account', async () => {
    const { site, account } = siteWith('bob@localhost')
    expect((await authenticate(site, 'bob@localhost', 'right')).storeID).toBe(account.storeID)
    expect(getLoginSystem(site.store).loginCount).toBe(1)
  })

  it('behaviour 25: a wrong password is refused and counted', async () => {
    const { site } = siteWith('bob@localhost')
    const attempt = authenticate(site, 'bob@localhost', 'wrong')
    await expect(attempt).rejects.toThrow(BadCredentialsError)
    await expect(attempt).rejects.toThrow(UnauthorizedLoginError)
    expect(getLoginSystem(site.store).failedLogins).toBe(1)
  })

  it('behaviour 26: somebody who is recognised needs no password, but an account that is enabled', () => {
    const { site, account } = siteWith('bob@localhost')
    expect(preauthenticate(site, 'bob@localhost').storeID).toBe(account.storeID)
    account.disabled = 1
    expect(() => preauthenticate(site, 'bob@localhost')).toThrow(NoSuchUserLoginError)
  })

  it('behaviour 27: after setPassword only the new password works, and the hash is no password', async () => {
    const { site, account } = siteWith('bob@localhost')
    await setPassword(site, account, 'new')
    await authenticate(site, 'bob@localhost', 'new')
    await expect(authenticate(site, 'bob@localhost', 'right')).rejects.toThrow(BadCredentialsError)
    await expect(authenticate(site, 'bob@localhost', account.passwordHash ?? '')).rejects.toThrow(BadCredentialsError)
    using userStore = subStoreOf(account)?.open() as Store
    expect(userStore.findUnique(LoginAccount).passwordHash).toBe(account.passwordHash)
  })

  it('behaviour 28: replacePassword refuses a wrong current password', async () => {
    const { site, account } = siteWith('bob@localhost')
    await expect(replacePassword(site, account, { current: 'wrong', next: 'new' })).rejects.toThrow(BadCredentialsError)
    expect(account.passwordHash).toBe(passwordHash)
  })

  it('behaviour 29: replacePassword with the right current password switches passwords', async () => {
    const { site, account } = siteWith('bob@localhost')
    await replacePassword(site, account, { current: 'right', next: 'new' })
    await authenticate(site, 'bob@localhost', 'new')
    await expect(authenticate(site, 'bob@localhost', 'right')).rejects.toThrow(BadCredentialsError)
  })

  it('says one and the same about every refusal', async () => {
    const { site } = siteWith('bob@localhost')
    const texts = new Set<string>()
    for (const name of ['rob@localhost', 'bob', 'bob@localhost', 'nul\0@localhost', 'half\ud800@localhost', '@', '']) {
      const error = await authenticate(site, name, 'wrong').catch((thrown: unknown) => thrown as Error)
      texts.add((error as Error).message)
      expect(error).toBeInstanceOf(UnauthorizedLoginError)
    }
    expect([...texts]).toEqual(['wrong address or password'])
  })

  it('takes as long for whoever does not exist, is disabled, or has no password', { timeout: 60_000 }, async () => {
    const { site } = siteWith('bob@localhost')
    createAccount(site, { address: parseAddress('off@localhost'), passwordHash, disabled: true })
    createAccount(site, { address: parseAddress('none@localhost'), passwordHash: null })
    const names = ['rob@localhost', 'off@localhost', 'none@localhost', 'bob']
    const [known, ...others] = await quickestOf(
      () => authenticate(site, 'bob@localhost', 'wrong'),
      ...names.map(name => () => authenticate(site, name, 'right')),
    )
    for (const other of others) expect(other).toBeGreaterThan(known / 4)
  })

  it('accepts every password of the real site and refuses others', async () => {
    using site = Site.open(cloneFixture('divmod-site.axiom'))
    for (const name of ['alice@example.org', 'zoë@example.org', 'carol@example.net', 'dave@example.org']) {
      const [localpart] = name.split('@')
      await authenticate(site, name, `${localpart}-pw`)
      await expect(authenticate(site, name, `${localpart}-PW`)).rejects.toThrow(BadCredentialsError)
    }
    await authenticate(site, 'admin@example.org', 'correct horse')
    await authenticate(site, 'ALICE@voice.example.org', 'alice-pw')
    await expect(authenticate(site, 'bob@example.org', 'bob-pw')).rejects.toThrow(NoSuchUserLoginError)
  })
})

describe('password hashes', () => {
  it('have the parameters of the original', () => {
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=102400,t=2,p=8\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{22}$/)
  })

  it('are verified with the parameters that they name', async () => {
    const cheap = await hash('x', { memoryCost: 8, timeCost: 1, parallelism: 1 })
    expect(cheap).toContain('$m=8,t=1,p=1$')
    expect(await verifyPassword(cheap, 'x')).toBe(true)
    expect(await verifyPassword(cheap, 'y')).toBe(false)
    expect(await verifyPassword('plain', 'plain')).toBe(false)
  })

  it.each(['m=102400,t=9,p=1', 'm=262145,t=1,p=1', 'm=4294967295,t=4294967295,p=1'])(
    'that ask for too much are not computed: %s',
    async cost => {
      const greedy = `$argon2id$v=19$${cost}$MVoA1vpU3QT43TyVmlpU5g$3eTIkd7JVWubBCrm/TGqhQ`
      expect(isPasswordHash(greedy)).toBe(false)
      const [time] = await quickestOf(() => verifyPassword(greedy, 'x'))
      expect(time).toBeLessThan(5000)
      expect(await verifyPassword(greedy, 'x')).toBe(false)
    },
  )

  it('that are cheap do not tell by the time of a wrong password that somebody is here', async () => {
    const cheap = await hash('x', { memoryCost: 8, timeCost: 1, parallelism: 1 })
    const [nobody, somebody] = await quickestOf(
      () => verifyPassword(null, 'y'),
      () => verifyPassword(cheap, 'y'),
    )
    expect(somebody).toBeGreaterThan(nobody / 4)
  })

  it('let a bounded number of logins wait', async () => {
    const cheap = await hash('x', { memoryCost: 8, timeCost: 1, parallelism: 1 })
    const ends = await Promise.allSettled(Array.from({ length: 103 }, () => verifyPassword(cheap, 'x')))
    const refused = ends.filter(end => end.status === 'rejected').map(end => end.reason as unknown)
    expect(refused).toEqual([expect.any(LoginQueueFullError)])
  })
})

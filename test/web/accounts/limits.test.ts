import { performance } from 'node:perf_hooks'
import { beforeEach, describe, expect, it } from 'vitest'
import { createAccount } from '../../../src/accounts/create-account.js'
import { parseAddress } from '../../../src/base/address.js'
import { recordTombstone } from '../../../src/site/tombstones.js'
import { sharedByFile } from '../../support/at-end.js'
import { startSite } from '../../support/started-site.js'
import { CHEAP_HASH, WebBrowser } from '../../support/web-browser.js'

const started = sharedByFile(async () => {
  const made = await startSite()
  for (const name of ['alice', 'off'])
    createAccount(made.site, {
      address: parseAddress(`${name}@example.com`),
      passwordHash: CHEAP_HASH,
      disabled: name === 'off',
    })
  createAccount(made.site, { address: parseAddress('none@example.com'), passwordHash: null })
  const { site } = made
  site.store.transact(() =>
    recordTombstone(site, parseAddress('moved@example.com'), {
      storeId: 'store',
      epoch: 2,
      targetPath: '/elsewhere',
      targetSiteId: null,
      publicUrl: 'https://elsewhere.example/',
      transferId: null,
    }),
  )
  return made
})

beforeEach(() => {
  const { sql } = started().site.store
  started().site.store.transact(() => sql.run('DELETE FROM mantissa_login_attempt'))
})

function logIn(browser: WebBrowser, name: string, password: string) {
  return browser.submit('/login', '/login', { name, password })
}

describe('too many failures', () => {
  it('of a name make everybody wait, right or wrong, but for a browser that has logged in before', async () => {
    const { url } = started()
    const known = new WebBrowser(url)
    expect((await logIn(known, 'alice@example.com', 'password')).status).toBe(303)
    const stranger = new WebBrowser(url)
    await logIn(stranger, 'alice@example.com', 'wrong')
    block('name')
    for (const password of ['wrong', 'password']) {
      const answer = await logIn(stranger, 'alice@example.com', password)
      expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, expect.closeTo(60, -1)])
      expect(answer.text).toContain('That was too often.')
    }
    known.cookies.delete('mantissa-session')
    expect((await logIn(known, 'alice@example.com', 'password')).status).toBe(303)
  })

  it('of a network address make it wait, whoever is tried', async () => {
    const { url } = started()
    await logIn(new WebBrowser(url), 'bob@example.com', 'wrong')
    block('address')
    expect((await logIn(new WebBrowser(url), 'alice@example.com', 'password')).status).toBe(429)
  })

  it('are counted, and a success forgets those of the name', async () => {
    const { url, site } = started()
    const count = () => site.store.sql.pluck<number>('SELECT failures FROM mantissa_login_attempt ORDER BY kind')
    await logIn(new WebBrowser(url), 'alice@example.com', 'wrong')
    await logIn(new WebBrowser(url), 'ALICE@example.com', 'wrong')
    expect(count()).toEqual([2, 2])
    await logIn(new WebBrowser(url), 'alice@example.com', 'password')
    expect(count()).toEqual([2])
  })
})

it('neither an answer nor its time tells whether somebody is here, has moved, or may log in', {
  retry: 2,
}, async () => {
  const strangers = [
    'nobody@example.com',
    'moved@example.com',
    'off@example.com',
    'none@example.com',
    'no-domain',
    'x@\0y',
  ]
  const answers = new Set<string>()
  const times = { here: [] as number[], strangers: [] as number[] }
  const tryName = async (kind: keyof typeof times, name: string): Promise<void> => {
    const browser = new WebBrowser(started().url)
    const before = performance.now()
    const { status, text, headers } = await logIn(browser, name, 'wrong')
    times[kind].push(performance.now() - before)
    answers.add(JSON.stringify([status, text.replaceAll(/value="[^"]*"/g, ''), [...headers.keys()].sort()]))
  }
  for (let round = 0; round < 3; round += 1) {
    await tryName('here', 'alice@example.com')
    for (const name of strangers.slice(2 * round, 2 * round + 2)) await tryName('strangers', name)
  }
  expect(answers.size).toBe(1)
  const ratio = median(times.here) / median(times.strangers)
  expect(ratio).toBeGreaterThan(0.3)
  expect(ratio).toBeLessThan(3)
})

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

/** Everything of the kind that was tried and has failed, for a minute. */
function block(kind: string): void {
  const { site } = started()
  const until = site.clock() + 60_000_000n
  site.store.transact(() =>
    site.store.sql.run('UPDATE mantissa_login_attempt SET blocked_until = ? WHERE kind = ?', until, kind),
  )
}

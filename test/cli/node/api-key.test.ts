import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { getApiKey } from '../../../src/index.js'
import { ApiKey } from '../../../src/offerings/site-items/static-content.js'
import { listAudit } from '../../../src/site/audit.js'
import { Site } from '../../../src/site/site.js'
import { SiteForVerbs } from '../../support/site-for-verbs.js'

const verbs = new SiteForVerbs()
const KEY = 'k3y-that-nobody-may-see-wxyz'

async function set(name: string, key: string) {
  writeFileSync(verbs.path('key'), `${key}\n`)
  return await verbs.run(`api-key set "${name}" --file ${verbs.path('key')} --json`)
}

function stored(name: string): string | undefined {
  using site = Site.open(verbs.directory, { readonly: true })
  return getApiKey(site.store, name)
}

describe('api-key', () => {
  it('behaviour 99: keys are stored and read per name, and overwritten in place', async () => {
    expect(JSON.parse((await set('Google Analytics', 'one')).out)).toEqual({ status: 'done', name: 'Google Analytics' })
    await set('Weather', KEY)
    const before = verbs.change(({ store }) => store.findUnique(ApiKey, ApiKey.apiName.equals('Weather')).storeID)
    expect([stored('Google Analytics'), stored('weather'), stored('Maps')]).toEqual(['one', KEY, undefined])
    await set('WEATHER', `${KEY}2`)
    const after = verbs.change(({ store }) => store.findUnique(ApiKey, ApiKey.apiName.equals('Weather')))
    expect([after.storeID, after.apiKey]).toEqual([before, `${KEY}2`])
    expect(JSON.parse((await set('Weather', `${KEY}2`)).out)).toMatchObject({ status: 'already' })
  })

  it('the list shows how long keys end, and nothing of short ones', async () => {
    await set('Weather', KEY)
    await set('Short', 'hunter2')
    expect(JSON.parse((await verbs.run('api-key list --json')).out)).toEqual([
      { name: 'Google Analytics', key: '…' },
      { name: 'Short', key: '…' },
      { name: 'Weather', key: '…wxyz' },
    ])
  })

  it('is in no output, no list of items and no audit log', async () => {
    const { out, err } = await set('Weather', KEY)
    const items = await verbs.run('items xmantissa_website_apikey --json')
    using site = Site.open(verbs.directory, { readonly: true })
    for (const text of [out, err, items.out, JSON.stringify([...listAudit(site)])]) expect(text).not.toContain(KEY)
    expect(items.out).toContain('(secret)')
  })

  it('asks without echo where somebody is there to answer', async () => {
    const { code } = await verbs.onTerminal('api-key set Maps', { answers: ['typed by hand'] })
    expect([code, stored('Maps')]).toEqual([0, 'typed by hand'])
    const { code: alone, err } = await verbs.run('api-key set Maps')
    expect([alone, err.includes('--file <path>')]).toEqual([2, true])
  })

  it('refuses a key in the arguments without repeating it', async () => {
    const { code, err, out } = await verbs.run(`api-key set Maps ${KEY}`)
    expect(code).toBe(2)
    expect(err + out).not.toContain(KEY)
  })

  it('refuses what is no key, and a file that is not there', async () => {
    for (const nothing of ['', ' \n', 'a\u0000b']) expect((await set('Maps', nothing)).code).toBe(2)
    expect((await verbs.run('api-key set Maps --file /nowhere --json')).err).toContain('API_KEY_FILE')
    expect((await set(' ', 'x')).code).toBe(2)
    expect(stored('Maps')).toBe('typed by hand')
  })

  it('forgets a key when it is told to for sure', async () => {
    expect((await verbs.run('api-key remove Maps')).code).toBe(2)
    expect(JSON.parse((await verbs.run('api-key remove Maps --dry-run --json')).out)).toMatchObject({
      status: 'planned',
    })
    expect(stored('Maps')).toBe('typed by hand')
    expect((await verbs.run('api-key remove Maps --yes')).code).toBe(0)
    expect(stored('Maps')).toBeUndefined()
    const { code, err } = await verbs.run('api-key remove Maps --yes --json')
    expect([code, JSON.parse(err).error.code]).toEqual([3, 'API_KEY_NOT_FOUND'])
  })
})

import { request } from 'node:http'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createPort } from '../../src/offerings/ports/create-port.js'
import { TRUSTED_PROXIES, writeSetting } from '../../src/site/settings.js'
import type { Site } from '../../src/site/site.js'
import { startSite } from '../support/started-site.js'

const SOCKET = 'web.sock'

/** Posts to the login page through the site's socket in the file system. */
function ask(site: Site, path: string, headers: Record<string, string> = {}, body?: string) {
  const socketPath = join(site.directory, SOCKET)
  return new Promise<{ status: number; text: string; cookies: string }>((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const asked = request({ socketPath, path, method, headers: { host: 'localhost', ...headers } }, answer => {
      const cookies = (answer.headers['set-cookie'] ?? []).map(each => each.split(';')[0]).join('; ')
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, cookies }))
    })
    asked.on('error', reject).end(body)
  })
}

async function failFor(site: Site, client: string): Promise<number> {
  const { text, cookies } = await ask(site, '/login')
  const [, token = ''] = /name="_csrf" value="([^"]*)"/.exec(text) ?? []
  const headers = {
    'x-forwarded-for': client,
    'content-type': 'application/x-www-form-urlencoded',
    cookie: cookies,
  }
  const body = new URLSearchParams({ _csrf: token, name: 'nobody', password: 'wrong' })
  return (await ask(site, '/login', headers, String(body))).status
}

function countedAddresses({ store }: Site): readonly string[] {
  const rows = store.sql.all<{ key: string }>(`SELECT key FROM mantissa_login_attempt WHERE kind = 'address'`)
  return rows.map(({ key }) => key)
}

it.each([
  [[], 'local'],
  [['127.0.0.1'], '203.0.113.7'],
])('forms come in by a socket in the file system; with %j trusted, failures count for %s', async (trusted, counted) => {
  const { site, log } = await startSite({
    prepare: made => {
      writeSetting(made, TRUSTED_PROXIES, trusted)
      createPort(made.store, { endpoint: `unix:${SOCKET}`, factory: 'web', from: made.directory })
    },
  })
  expect(await failFor(site, '203.0.113.7')).toBe(403)
  expect(countedAddresses(site)).toEqual([counted])
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([])
})

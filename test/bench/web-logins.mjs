import { join } from 'node:path'
import { hash, verify } from '@node-rs/argon2'
import { HASH_PARAMETERS } from '../../dist/accounts/password.js'
import { median, withDirectory } from './measure.mjs'
import { freePort, makeWebSite, startNode } from './web-site.mjs'

const PASSWORD = 'a password for the bench'
/** As many verifications at once as a node allows itself. */
const AT_ONCE = 2
const ROUNDS = 5

/** Logins by the form, each of another person, against as many verifications of the same hash and nothing else. */
export async function measureWebLogins(scale) {
  const each = Math.max(4, Math.round(20 * scale))
  return withDirectory(async directory => {
    const passwordHash = await hash(PASSWORD, HASH_PARAMETERS)
    const site = join(directory, 'site.axiom')
    const port = await freePort()
    await makeWebSite(site, { count: each * (ROUNDS + 1), port, passwordHash })
    const node = await startNode(site, port)
    try {
      const [ours, floor] = await inTurn(node.url, { each, passwordHash })
      const rate = milliseconds => ((each / milliseconds) * 1000).toFixed(2)
      const detail = `${rate(ours)} a second, floor ${rate(floor)}; medians of ${ROUNDS} × ${each}, ${AT_ONCE} at once`
      return [{ what: 'logins', value: ours / floor, unit: '×', target: 1.25, detail }]
    } finally {
      await node.end()
    }
  })
}

/** Median milliseconds of both, after a round that does not count. */
async function inTurn(url, { each, passwordHash }) {
  const [ours, floor] = [[], []]
  for (let round = 0; round <= ROUNDS; round += 1) {
    const people = Array.from({ length: each }, (_, index) => `user${round * each + index + 1}@example.com`)
    const forms = await Promise.all(people.map(name => fetchForm(url, name)))
    ours.push(await timeOf(forms.map(form => () => logIn(url, form))))
    floor.push(await timeOf(people.map(() => () => verify(passwordHash, PASSWORD))))
  }
  return [ours.slice(1), floor.slice(1)].map(median)
}

/** Milliseconds that the deeds take, as many of them at once as are allowed. */
async function timeOf(deeds) {
  const waiting = [...deeds]
  const start = performance.now()
  const work = async () => {
    for (let deed = waiting.shift(); deed !== undefined; deed = waiting.shift()) await deed()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return performance.now() - start
}

/** What a browser has before somebody presses the button. */
async function fetchForm(url, name) {
  const response = await fetch(`${url}/login`)
  const cookie = response.headers
    .getSetCookie()
    .map(each => each.split(';')[0])
    .join('; ')
  const page = await response.text()
  const hidden = [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return { cookie, fields: new URLSearchParams([...hidden.map(([, key, value]) => [key, value]), ['name', name]]) }
}

async function logIn(url, { cookie, fields }) {
  fields.set('password', PASSWORD)
  const headers = { cookie, origin: url, 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(`${url}/login`, { method: 'POST', redirect: 'manual', headers, body: fields })
  if (response.status !== 303 && response.status !== 302)
    throw new Error(`${fields.get('name')} is answered with ${response.status}: ${await response.text()}`)
}

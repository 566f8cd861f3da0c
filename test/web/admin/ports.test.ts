import { expect, it } from 'vitest'
import { describePorts } from '../../../src/offerings/ports/describe-ports.js'
import { listAudit } from '../../../src/site/audit.js'
import { sharedAdminSite } from './admin-site.js'

const site = sharedAdminSite()
const PORTS = '/admin/ports'
const ports = () => describePorts(site().started.site.store).filter(({ storeID }) => storeID !== null)

async function web(): Promise<string> {
  const [, number = ''] =
    /<option value="(\d+)">xmantissa_web_siteconfiguration/.exec((await site().admin().get(PORTS)).text) ?? []
  return number
}

it('makes a port that listens at once, and deletes it after asking', async () => {
  const browser = site().admin()
  const made = await browser.submit(PORTS, `${PORTS}/create`, {
    endpoint: 'tcp:0:interface=127.0.0.1',
    factory: await web(),
  })
  expect([made.status, ports().length]).toEqual([303, 2])
  const { services } = site().started.node.state()
  const service = services.find(({ id }) => id === ports()[1]?.storeID)
  expect((await fetch(`http://${service?.address}/nothing`)).status).toBe(404)
  const page = (await browser.get(PORTS)).text
  expect(page).toContain(`${service?.address}`)
  expect(page.match(/you came by this one/g)).toHaveLength(1)
  const fields = { port: String(service?.id) }
  const asked = await browser.submit(PORTS, `${PORTS}/delete`, fields)
  expect([asked.text.includes('name="typed"'), ports().length]).toEqual([false, 2])
  await browser.submit(PORTS, `${PORTS}/delete`, { ...fields, sure: 'yes' })
  expect(ports()).toHaveLength(1)
  await expect(fetch(`http://${service?.address}/nothing`)).rejects.toThrow()
  expect(listAudit(site().started.site, 2).map(({ verb, user }) => `${verb} ${user}`)).toEqual([
    'port delete root@example.com',
    'port create root@example.com',
  ])
})

it.each([
  ['tcp:no-number', /no port number|port/],
  ['8080', /no kind/],
  ['unix:/tmp/socket', /command line only/],
  ['ssl:8443:privateKey=/etc/shadow', /command line only/],
  ['', /kind/],
])('says beside the field what is wrong with %j', async (endpoint, words) => {
  const answer = await site()
    .admin()
    .submit(PORTS, `${PORTS}/create`, { endpoint, factory: await web() })
  const [, error = ''] = /id="endpoint-error">([^<]*)</.exec(answer.text) ?? []
  expect([answer.status, error, ports().length]).toEqual([400, expect.stringMatching(words), 1])
})

it('asks for the endpoint where the port is the last one, or the one that somebody came by', async () => {
  const [only] = ports()
  const fields = { port: String(only?.storeID), sure: 'yes' }
  const browser = site().admin()
  const asked = await browser.submit(PORTS, `${PORTS}/delete`, fields)
  expect([asked.status, asked.text]).toEqual([400, expect.stringContaining(`Type ${only?.endpoint} to confirm`)])
  const mistyped = await browser.submit(PORTS, `${PORTS}/delete`, { ...fields, typed: 'tcp:1' })
  expect([mistyped.status, ports().length]).toEqual([400, 1])
  const done = await browser.submit(PORTS, `${PORTS}/delete`, { ...fields, typed: only?.endpoint ?? '' })
  expect([done.status, ports()]).toEqual([303, []])
  await expect.poll(() => fetch(site().started.url).catch(() => 'nobody listens')).toBe('nobody listens')
})

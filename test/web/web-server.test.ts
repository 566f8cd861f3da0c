import { once } from 'node:events'
import { request, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import type { NodeMeasures } from '../../src/node/measures.js'
import { createWebServer, drainServer } from '../../src/web/http-servers.js'
import { startSite } from '../support/started-site.js'
import { WebBrowser } from '../support/web-browser.js'

it('a node serves its site at the ports of the site', async () => {
  const { url, log } = await startSite({ offerings: ['notes'] })
  const answer = await fetch(`${url}/nothing/here`)
  expect([answer.status, log.lines.filter(({ level }) => level !== 'info')]).toEqual([404, []])
})

it('counts requests by the pattern of their route, and logins by outcome', async () => {
  const { url, node } = await startSite()
  const browser = new WebBrowser(url)
  await browser.get('/nothing/at-all')
  await browser.submit('/login', '/login', { name: 'nobody', password: 'x' })
  const { text } = await (node.measures as NodeMeasures).page()
  expect(text).toContain('mantissa_http_requests_total{method="GET",route="/login",status="2xx"} 1')
  expect(text).toContain('mantissa_logins_total{outcome="failed"} 1')
  expect(text).toContain('mantissa_http_request_seconds_count{route="/login"} 2')
  expect(text).not.toContain('at-all')
})

it('an answer that was begun is finished when the server stops, and its connection ends with it', async () => {
  const begun: ServerResponse[] = []
  const server = createWebServer((_request, response) => void begun.push(response), null)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const idle = connect(port, '127.0.0.1')
  await once(idle, 'connect')
  const answer = new Promise<string>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, agent: false, headers: { connection: 'keep-alive' } }, got => {
      let text = ''
      got.on('data', chunk => {
        text += String(chunk)
      })
      got.on('end', () => resolve(text))
    })
    asked.on('error', reject)
    asked.end()
  })
  await expect.poll(() => begun.length).toBe(1)
  const closed = new Promise<void>(resolve => server.close(() => resolve()))
  drainServer(server)
  begun[0]?.end('done')
  expect(await answer).toBe('done')
  idle.destroy()
  await closed
})

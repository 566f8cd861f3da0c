import { afterEach, describe, expect, it } from 'vitest'
import { CONNECTION_LIMITS, createWebServer } from '../../src/web/http-servers.js'
import { sharedByFile } from '../support/at-end.js'
import { sendRaw } from '../support/raw-http.js'
import { startSite } from '../support/started-site.js'
import { loggedIn, WebBrowser } from '../support/web-browser.js'

const started = sharedByFile(() => startSite())

/** Whatever was sent, the node serves others. */
afterEach(async () => {
  expect((await new WebBrowser(started().url).get('/')).status).toBe(200)
  expect(started().log.lines.filter(({ level }) => level === 'error')).toEqual([])
})

const HOST = 'Host: example.com\r\n'

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
}

describe('what is no request', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['a method that nobody knows', `BREW / HTTP/1.1\r\n${HOST}\r\n`, 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', `GET / HTTP/1.1\r\n${HOST}Host: other.example\r\n\r\n`, 400],
    ['a line end inside a header', `GET / HTTP/1.1\r\n${HOST}X: a\rb\r\n\r\n`, 400],
    ['a NUL in a header', `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, 400],
    ['a space before the colon', `GET / HTTP/1.1\r\n${HOST}X : a\r\n\r\n`, 400],
    ['a folded header', `GET / HTTP/1.1\r\n${HOST}X: a\r\n b\r\n\r\n`, 400],
    ['headers without end', `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    ['a line without end', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 431],
  ])('%s', async (_name, bytes, status) => {
    const answer = await sendRaw(started().url, Buffer.from(bytes, 'latin1'))
    expect(statusOf(answer)).toBe(status)
    expect(answer.toLowerCase()).not.toMatch(/hpe_|node|fastify|stack/)
  })

  it.each([
    ['both lengths', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['two different lengths', 'Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde'],
    ['a length with a sign', 'Content-Length: +3\r\n\r\nabc'],
    ['an encoding twice', 'Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n'],
    ['an encoding in disguise', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a bad chunk size', 'Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n'],
  ])('a request inside another by %s', async (_name, rest) => {
    const smuggled = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`
    const answer = await sendRaw(started().url, `POST /login HTTP/1.1\r\n${HOST}${rest}${smuggled}`)
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  })
})

describe('paths', () => {
  it.each([
    ['/%', 400],
    ['/users/%ff%fe/x', 400],
    ['/%2e%2e/%2e%2e/etc/passwd', 404],
    ['/static/mantissa/..%2f..%2fpackage.json', 404],
    ['/static/mantissa/__proto__', 404],
    ['/static/mantissa/constructor', 404],
    ['/static/../../../etc/passwd', 404],
    ['/..\\..\\etc\\passwd', 404],
    ['//example.com/x', 404],
    ['/a%00b', 404],
    [`/${'a'.repeat(5000)}`, 414],
    ['http://evil.example/', 400],
    ['*', 400],
  ])('%s', async (path, status) => {
    const answer = await sendRaw(started().url, `GET ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)
    expect(statusOf(answer)).toBe(status)
    expect(answer).toContain('content-security-policy')
  })

  it.each([
    ['OPTIONS', '/', 405],
    ['TRACE', '/', 405],
    ['PUT', '/login', 405],
    ['DELETE', '/static/mantissa/mantissa.css', 405],
    ['PROPFIND', '/', 405],
  ])('%s %s', async (method, path, status) => {
    const answer = await sendRaw(started().url, `${method} ${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)
    expect([statusOf(answer), /^allow: (.*)\r$/im.exec(answer)?.[1]]).toEqual([status, 'GET, HEAD, POST'])
  })

  it('CONNECT and upgrades lead nowhere', async () => {
    expect(
      await sendRaw(started().url, `CONNECT evil.example:443 HTTP/1.1\r\n${HOST}\r\n`).catch(() => ''),
    ).not.toContain('200')
    const upgrade = `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
    expect(statusOf(await sendRaw(started().url, upgrade))).toBe(200)
  })
})

describe('bodies', () => {
  it('that are too large are refused before they are read', async () => {
    const head = `POST /login HTTP/1.1\r\n${HOST}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000000\r\n\r\n`
    expect(statusOf(await sendRaw(started().url, head))).toBe(413)
  })

  it('of other kinds than forms are refused', async () => {
    const browser = new WebBrowser(started().url)
    const types = { 'text/xml': 415, 'multipart/form-data; boundary=x': 415, 'application/json': 403, nonsense: 415 }
    for (const [type, status] of Object.entries(types)) {
      const answer = await browser.post('/login', { a: '{}' }, { 'content-type': type })
      expect([type, answer.status]).toEqual([type, type === 'application/json' ? 400 : status])
    }
  })

  it('with very many fields are taken as they are', async () => {
    const browser = loggedIn(started(), 'alice@example.com')
    const fields = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`f${index}`, 'x']))
    expect((await browser.post('/logout', fields)).status).toBe(403)
    expect((await browser.post('/logout', { '__proto__[x]': '1', 'constructor[prototype][x]': '1' })).status).toBe(403)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('headers that we answer with', () => {
  it('cannot be written by visitors', async () => {
    const answer = await sendRaw(
      started().url,
      `GET /login?next=/%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
    )
    expect(answer).not.toMatch(/^set-cookie: a=b/im)
    const browser = new WebBrowser(started().url)
    const redirected = await browser.get('/private/account?%0d%0aX-Evil:%201')
    expect(redirected.headers.get('x-evil')).toBeNull()
    expect(redirected.headers.get('location')).toBe('/login?next=%2Fprivate%2Faccount%3F%250d%250aX-Evil%3A%25201')
  })

  it('keep browsers from framing, sniffing, and running anything of others', async () => {
    const { headers } = await new WebBrowser(started().url).get('/login')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';style-src 'self';script-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'",
    )
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toBeNull()
    expect(headers.get('cache-control')).toBe('no-store')
    expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null])
  })
})

describe('slow clients', () => {
  it('are cut off: those who send no headers, no body, or nothing at all', async () => {
    const limits = { ...CONNECTION_LIMITS, headers: 100, request: 200, silence: 1000, looked: 20 }
    const server = createWebServer(
      (request, response) => request.resume().on('end', () => response.end()),
      null,
      limits,
    )
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    const answers = await Promise.all([
      sendRaw(url, `GET / HTTP/1.1\r\nHost: x\r\nX: `),
      sendRaw(url, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'),
    ])
    expect(answers.map(statusOf)).toEqual([408, 408])
    server.close()
    server.closeAllConnections()
  })

  it('do not keep others waiting, however many there are', async () => {
    const { url } = started()
    const slow = Array.from({ length: 200 }, () => sendRaw(url, `GET / HTTP/1.1\r\n${HOST}X: `, 400))
    expect((await new WebBrowser(url).get('/login')).status).toBe(200)
    await Promise.all(slow)
  })
})

import { connect, type Socket } from 'node:net'
import fastify from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { registerSharedMemory } from '../../src/web/shared-memory.js'
import { atEnd, sharedByFile } from '../support/at-end.js'
import { sendRaw } from '../support/raw-http.js'
import { startSite } from '../support/started-site.js'
import { WebBrowser } from '../support/web-browser.js'

const started = sharedByFile(() => startSite())
const MIB = 1024 ** 2
const sockets: Socket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

function headOf(length: number): string {
  return `POST /where/nobody/reads/it HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n`
}

/** Somebody who announces as much as one address may have under way, and sends next to nothing of it. */
async function holdSixteen(): Promise<void> {
  const { port } = new URL(started().url)
  for (let index = 0; index < 16; index += 1) {
    const socket = connect(Number(port), '127.0.0.1')
    sockets.push(socket)
    await new Promise(resolve => socket.write(`${headOf(MIB)}x`, resolve))
  }
}

it('large bodies that do not come to an end keep out further ones of the same address, and small ones never', async () => {
  await holdSixteen()
  await expect
    .poll(() => sendRaw(started().url, headOf(MIB), 2000))
    .toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close/i)
  const visitor = new WebBrowser(started().url)
  expect((await visitor.submit('/login', '/login', { name: 'nobody', password: '' })).status).toBe(403)
  for (const socket of sockets.splice(0)) socket.destroy()
  const length = 20_000
  const whole = () => sendRaw(started().url, `${headOf(MIB)}${'x'.repeat(length)}`, 300)
  await expect.poll(whole).toBe('')
  expect(await sendRaw(started().url, `${headOf(length)}${'x'.repeat(length)}`, 2000)).toMatch(/^HTTP\/1\.1 404 /)
})

it('pages that nobody takes keep out further ones for the same address, and small ones never', async () => {
  const app = fastify()
  registerSharedMemory(app)
  app.get('/large', () => 'x'.repeat(12 * MIB))
  app.get('/small', () => 'x')
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  atEnd(() => app.close())
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause()
  sockets.push(socket)
  socket.write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const statusOf = async (path: string) => {
    const answer = await fetch(url + path)
    await answer.arrayBuffer()
    return answer.status
  }
  await expect.poll(() => statusOf('/large')).toBe(503)
  expect(await statusOf('/small')).toBe(200)
  socket.destroy()
  await expect.poll(() => statusOf('/large')).toBe(200)
})

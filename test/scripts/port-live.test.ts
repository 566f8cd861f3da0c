import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { quietPorts, type RealNode, startNodeProcess } from '../support/node-process.js'
import { SiteForVerbs } from '../support/site-for-verbs.js'

/** A node that runs, and verbs that are run beside it. */
const verbs = new SiteForVerbs()
const ends: (() => Promise<void>)[] = []
let node: RealNode

beforeAll(async () => {
  quietPorts(verbs.directory)
  node = await startNodeProcess(verbs.directory, { finished: end => ends.push(end) })
})

afterAll(async () => {
  for (const end of ends) await end()
})

async function json(line: string): Promise<Record<string, unknown>> {
  const { code, out, err } = await verbs.run(`${line} --json`)
  expect(`${line}: ${code} ${err}`).toMatch(/: 0 /)
  return JSON.parse(out)
}

async function stateOf(port: unknown) {
  return (await node.state()).services.find(each => each.id === port && each.store === '')
}

it('a port that is made listens at once, and one that is deleted does so no more', async () => {
  const path = join(verbs.path('live.sock'))
  const made = await json(`port create unix:${path}:mode=600`)
  expect(made).toMatchObject({ status: 'done', listening: path, failure: null })
  expect(await stateOf(made['port'])).toMatchObject({ condition: 'running', address: path })
  await json(`port delete ${made['port']}`)
  expect([await stateOf(made['port']), existsSync(path)]).toEqual([undefined, false])
})

it('a busy port is told by the verb, by status and by the log, and listens when it is free', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port: number } = other.address() as AddressInfo
  const endpoint = `tcp:${number}:interface=127.0.0.1`
  const { code, out, err } = await verbs.run(`port create ${endpoint} --json`)
  expect(code).toBe(0)
  expect(err).toContain(`port ${number} is in use by another program; it tries again`)
  expect(JSON.parse(out)).toMatchObject({ status: 'done', listening: null, failure: { code: 'PORT_BUSY' } })
  const { port } = JSON.parse(out)
  expect(await stateOf(port)).toMatchObject({ condition: 'failed', failure: { code: 'PORT_BUSY' } })
  expect(JSON.stringify(node.log())).toContain('PORT_BUSY')
  other.close()
  await once(other, 'close')
  await json('web --http-log none')
  expect(await stateOf(port)).toMatchObject({ condition: 'running', address: `127.0.0.1:${number}` })
  await json(`port delete ${port}`)
})

it('a renewed certificate is used at once', async () => {
  const { port, listening } = await json('port create ssl:0:interface=127.0.0.1')
  const [host, number] = String(listening).split(':')
  const seen = async (): Promise<string> => {
    const socket = connect({ host, port: Number(number), rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const { fingerprint256 } = socket.getPeerCertificate()
    socket.destroy()
    return fingerprint256
  }
  const before = await seen()
  const { fingerprint } = await json('tls renew')
  const file = new X509Certificate(readFileSync(join(verbs.directory, 'files/server.pem')))
  expect([await seen(), fingerprint]).toEqual([file.fingerprint256, file.fingerprint256])
  expect(fingerprint).not.toBe(before)
  await json(`port delete ${port}`)
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addSource } from '../../src/offerings/add-source.js'
import { createSite } from '../../src/offerings/create-site.js'
import type { NodeState } from '../../src/offerings/node-state.js'
import { Site } from '../../src/site/site.js'
import { type Finished, mantissa } from '../support/mantissa.js'
import { openFilesOf, quietPorts, type RealNode, startNodeProcess } from '../support/node-process.js'
import { makeProbeOffering } from '../support/probe-offering.js'
import { addUser } from '../support/sites.js'
import { fileDirectory } from '../support/temporary-directory.js'

/** Sites `here.axiom` (whose node runs, and has stores of its users open) and `there.axiom`. */
const cwd = fileDirectory()
const ends: (() => Promise<void>)[] = []
let node: RealNode
let probe: string

async function run(words: string): Promise<Finished> {
  const finished = await mantissa(words, { cwd, variables: { MANTISSA_SITE: 'here.axiom' } })
  expect(`${words}: ${finished.code} ${finished.err}`).toMatch(/: 0 /)
  return finished
}

/** What the node finds in somebody's store, as `status text`. */
async function asked(deed: 'read' | 'write', address: string, at = probe): Promise<string> {
  const response = await fetch(`${at}/${deed}/${encodeURIComponent(address)}`)
  return `${response.status} ${await response.text()}`
}

/** The port of the offering is the last one. */
function probeOf({ services }: NodeState): string {
  return `http://${services.findLast(({ address }) => address !== null)?.address}`
}

beforeAll(async () => {
  const source = makeProbeOffering(cwd)
  for (const name of ['here.axiom', 'there.axiom']) {
    await createSite(join(cwd, name), { hostname: 'example.com' })
    quietPorts(join(cwd, name))
    using site = Site.open(join(cwd, name))
    addSource(site, source)
    if (name === 'here.axiom') for (const user of ['alice', 'bob', 'carol']) addUser(site, `${user}@example.com`)
  }
  node = await startNodeProcess(join(cwd, 'here.axiom'), { finished: end => ends.push(end) })
})

afterAll(async () => {
  for (const end of ends) await end()
})

describe('a node that runs follows what verbs change', () => {
  it('loads an offering that is installed and starts its services', async () => {
    const { err } = await run('offering install probe')
    expect(err).toMatch(/the node runs port \d+ at 127\.0\.0\.1:\d+/)
    probe = probeOf(await node.state())
    expect(readFileSync(join(cwd, 'here.axiom', 'run', 'probe.log'), 'utf8')).toBe('start site\n')
    expect(await asked('write', 'alice@example.com')).toBe('200 1')
  })

  it('serves the files that an installed offering brings along, and no others', async () => {
    const { services } = await node.state()
    const web = services.find(({ address }) => address !== null)?.address
    const statuses = [
      'probe/logo.svg',
      'Probe/logo.svg',
      'probe/',
      'probe/../offerings.js',
      'probe/%2e%2e/offerings.js',
      'none/logo.svg',
    ]
    const answers = await Promise.all(statuses.map(path => fetch(`http://${web}/static/${path}`)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 404, 404, 404])
    expect(answers[0]?.headers.get('content-type')).toBe('image/svg+xml')
  })

  it('lets accounts be changed whose stores it has open', async () => {
    for (const user of ['alice', 'bob', 'carol']) expect(await asked('write', `${user}@example.com`)).toMatch(/^200/)
    await run('passwd alice@example.com --generate')
    await run('usermod alice@example.com --disable')
    await run('check')
    expect(await asked('write', 'alice@example.com')).toBe('200 3')
  })

  it('closes the store of a user who is removed, and serves a new one of the same name', async () => {
    await run('export-user bob@example.com bob.tar.gz')
    await run('userdel bob@example.com --confirm bob@example.com')
    expect(await asked('read', 'bob@example.com')).toBe('404 unknown')
    expect(openFilesOf(node.pid).filter(path => path.includes('bob'))).toEqual([])
    await run('import-user bob.tar.gz')
    expect(await asked('write', 'bob@example.com')).toBe('200 2')
  })

  it('lets a user go to another site and come back', async () => {
    await run('transfer-user carol@example.com --to there.axiom')
    expect(await asked('read', 'carol@example.com')).toBe('404 moved')
    expect(openFilesOf(node.pid).filter(path => path.includes('carol'))).toEqual([])
    await run('transfer-user carol@example.com --site there.axiom --to here.axiom')
    expect(await asked('write', 'carol@example.com')).toBe('200 2')
  })
})

describe('a node that hangs', () => {
  it('is said to be silent and keeps no verb from its work', async () => {
    node.process.kill('SIGSTOP')
    const [{ err }, status] = await Promise.all([
      run('usermod alice@example.com --enable'),
      mantissa('status --json --site here.axiom', { cwd }),
    ])
    expect(err).toContain('does not answer')
    expect(status.code).toBe(7)
    expect(JSON.parse(status.out)).toMatchObject({ status: 'silent', running: true, ready: false, pid: node.pid })
    node.process.kill('SIGCONT')
    await expect.poll(() => node.state().catch(() => undefined)).toMatchObject({ ready: true })
  })
})

describe('a node that is stopped', () => {
  it('behaviour 67: stops its services in reverse', async () => {
    expect(await node.end('SIGTERM')).toBe(0)
    expect(readFileSync(join(cwd, 'here.axiom', 'run', 'probe.log'), 'utf8')).toBe('start site\nstop site\n')
    const stopped = node.log().flatMap(({ msg, service }) => (msg === 'a service has stopped' ? [String(service)] : []))
    const started = node.log().flatMap(({ msg, service }) => (msg === 'a service runs' ? [String(service)] : []))
    expect(stopped).toEqual(started.reverse())
  })

  it('says what lingers, and ends at once when it is told again', async () => {
    const site = join(cwd, 'here.axiom')
    const lingering = await startNodeProcess(site, { variables: { PROBE_LINGERS: 'yes' } })
    const stop = await mantissa('stop --timeout 100ms --json --site here.axiom', { cwd })
    expect(stop.code).toBe(8)
    expect(JSON.parse(stop.err)).toMatchObject({
      error: {
        code: 'NODE_LINGERS',
        message: expect.stringMatching(/still there: .*probe_diary \d+ (?:running|stopping)/),
      },
    })
    lingering.process.kill('SIGINT')
    expect([130, 143]).toContain(await lingering.end('SIGTERM'))
  })
})

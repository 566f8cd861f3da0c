import { Agent, get } from 'node:http'
import { join } from 'node:path'
import { percentile, withDirectory } from './measure.mjs'
import { freePort, makeWebSite, SHARE, startNode } from './web-site.mjs'

const CONNECTIONS = 10

/** The pages of many people visited at random, so that most stores must be opened first and others closed. */
export async function measureWebVisits(scale) {
  const count = 10_000 * scale
  return withDirectory(async directory => {
    const site = join(directory, 'site.axiom')
    const port = await freePort()
    await makeWebSite(site, { count, port })
    const node = await startNode(site, port)
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
    try {
      const visits = number => visitAtRandom(node.url, { agent, count, number })
      await visits(count / 4)
      const before = node.descriptors()
      const times = await visits(2 * count)
      return figures({ count, times, memory: node.memory(), leaked: node.descriptors() - before })
    } finally {
      agent.destroy()
      await node.end()
    }
  })
}

function figures({ count, times, memory, leaked }) {
  const [half, most] = [percentile(times, 0.5), percentile(times, 0.99)]
  const detail = `${times.length} visits over ${CONNECTIONS} connections; the most that the node has ever had`
  return [
    {
      what: `memory of a node, ${count} user stores visited at random`,
      value: memory,
      unit: ' MiB',
      target: 400,
      detail,
    },
    { what: 'descriptors that it has more after it than before', value: leaked, unit: '', target: 0, detail: '' },
    { what: 'a visit, p99', value: most, unit: ' ms', detail: `p50 ${half.toFixed(2)} ms` },
  ]
}

/** Milliseconds of each visit. */
async function visitAtRandom(url, { agent, count, number }) {
  const times = []
  let left = number
  const visitor = async () => {
    while (left > 0) {
      left -= 1
      const start = performance.now()
      await visit(`${url}/users/user${1 + Math.floor(Math.random() * count)}/${SHARE}`, agent)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, visitor))
  return times
}

function visit(url, agent) {
  return new Promise((resolve, reject) => {
    get(url, { agent }, response => {
      response.resume()
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${url} is answered with ${response.statusCode}`)),
      )
    }).on('error', reject)
  })
}

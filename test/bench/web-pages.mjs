import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { median, withDirectory } from './measure.mjs'
import { freePort, makeWebSite, SHARE, startNode, startServer } from './web-site.mjs'

const bare = fileURLToPath(new URL('./web-bare.mjs', import.meta.url))
const CONNECTIONS = 10
const ROUNDS = 5

/**
 * The page of a shared note, against Fastify and SQLite bare, which read the same row and send as many bytes. A node looks
 * for each request whether anything has changed, and makes the page anew only then; what it costs to be made anew each time
 * is shown beside it, with a cookie, for which nothing is kept.
 */
export async function measureWebPages(scale) {
  const seconds = Math.max(1, 4 * scale)
  return withDirectory(async directory => {
    const site = join(directory, 'site.axiom')
    const [port, barePort] = [await freePort(), await freePort()]
    await makeWebSite(site, { count: 1, port })
    const node = await startNode(site, port)
    const page = `${node.url}/users/user1/${SHARE}`
    const length = await lengthOf(page)
    const words = [bare, join(site, 'files', 'account', 'example.com', 'user1.axiom'), String(barePort), String(length)]
    const floor = await startServer(words, barePort)
    const barePage = `${floor.url}/users/user1/1`
    if ((await lengthOf(barePage)) !== length) throw new Error('the pages are not of one length')
    try {
      return figures(
        await runInTurn([{ url: page }, { url: barePage }, { url: page, headers: { cookie: 'kept=no' } }], seconds),
        { length, seconds },
      )
    } finally {
      await Promise.all([node.end(), floor.end()])
    }
  })
}

async function lengthOf(url) {
  const response = await fetch(url)
  const text = await response.text()
  if (response.status !== 200) throw new Error(`${url} is answered with ${response.status}: ${text}`)
  return Buffer.byteLength(text)
}

/** Runs of each in turn, after one that does not count. */
async function runInTurn(asked, seconds) {
  const runs = asked.map(() => [])
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [index, each] of asked.entries()) {
      const result = await autocannon({ ...each, connections: CONNECTIONS, duration: round === 0 ? 1 : seconds })
      if (result.non2xx > 0 || result.errors > 0)
        throw new Error(`${each.url}: ${result.non2xx} refused, ${result.errors} failed`)
      if (round > 0) runs[index].push(result)
    }
  return runs
}

function figures([ours, floor, anew], { length, seconds }) {
  const rate = runs => median(runs.map(({ requests }) => requests.average))
  const wait = runs => median(runs.map(({ latency }) => latency.p99))
  const detail =
    `${rate(ours).toFixed(0)} requests a second, floor ${rate(floor).toFixed(0)}; p99 ${wait(ours)} ms, floor ` +
    `${wait(floor)} ms; ${CONNECTIONS} connections, ${length} bytes, medians of ${ROUNDS} × ${seconds} s`
  return [
    { what: 'page of a shared note', value: rate(floor) / rate(ours), unit: '×', target: 2, detail },
    {
      what: 'the same, made anew for each request',
      value: rate(floor) / rate(anew),
      unit: '×',
      detail: `${rate(anew).toFixed(0)} requests a second`,
    },
  ]
}

import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LoginAccount } from '../../dist/accounts/login-account.js'
import { Store } from '../../dist/store-engine/store.js'
import { SubStore } from '../../dist/store-engine/sub-store.js'
import { bin, median, runProgram, withDirectory } from './measure.mjs'

const opener = fileURLToPath(new URL('./open-many-stores.mjs', import.meta.url))

/** Every user store of a site opened in turn by one process, against bare connections to the same files. */
export async function measureManyStores(scale) {
  const count = 10_000 * scale
  return withDirectory(async directory => {
    const site = join(directory, 'site.axiom')
    await runProgram([bin, 'create-site', site, '--hostname', 'example.com'])
    await runProgram([bin, 'useradd', 'user1@example.com', '--passwordless', '--site', site])
    multiplyUser(site, count)
    const run = async way => {
      const answer = join(directory, way)
      const { memory } = await runProgram([opener, way, site, answer], { memory: true })
      return { ...JSON.parse(readFileSync(answer, 'utf8')), memory }
    }
    const runs = { bare: [], ours: [] }
    for (let round = 0; round < 3; round += 1) for (const way in runs) runs[way].push(await run(way))
    return figures(count, runs)
  })
}

function figures(count, { ours, bare }) {
  const [took, floor] = [ours, bare].map(runs => median(runs.map(({ milliseconds }) => milliseconds)) / 1000)
  const [peak, floorPeak] = [ours, bare].map(runs => Math.max(...runs.map(({ memory }) => memory)))
  const detail = `${took.toFixed(2)} s, floor ${floor.toFixed(2)} s; medians of 3; each store's login account is read`
  return [
    { what: `open ${count} user stores in turn`, value: took / floor, unit: '×', target: 3, detail },
    { what: 'peak memory of it', value: peak, unit: ' MiB', target: 300, detail: `floor ${floorPeak.toFixed(0)} MiB` },
    {
      what: 'descriptors left open by it',
      value: Math.max(...ours.map(({ leaked }) => leaked)),
      unit: '',
      target: 0,
      detail: '',
    },
  ]
}

/** The store of the one user, `count` times in all, each named by a substore of the site. */
function multiplyUser(site, count) {
  const users = join(site, 'files', 'account', 'example.com')
  const store = Store.open(site)
  store.transact(() => {
    for (let index = 2; index <= count; index += 1) {
      const storepath = join(users, `user${index}.axiom`)
      cpSync(join(users, 'user1.axiom'), storepath, { recursive: true })
      store.create(LoginAccount, { avatars: store.create(SubStore, { storepath }), disabled: 0 })
    }
  })
  store.close()
}

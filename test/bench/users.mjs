import { join } from 'node:path'
import { LoginAccount } from '../../dist/accounts/login-account.js'
import { LoginMethod } from '../../dist/accounts/login-method.js'
import { Store } from '../../dist/store-engine/store.js'
import { SubStore } from '../../dist/store-engine/sub-store.js'
import { bin, median, runProgram, withDirectory } from './measure.mjs'

/** `users` into a pipe on a large site. The rows are there; no user store is, since listing opens none. */
export async function measureUsers(scale) {
  const count = 100_000 * scale
  return withDirectory(async directory => {
    const site = join(directory, 'site.axiom')
    await runProgram([bin, 'create-site', site, '--hostname', 'example.com'])
    insertAccounts(site, count)
    const runs = []
    for (let round = 0; round < 5; round += 1)
      runs.push(await runProgram([bin, 'users', '--site', site], { memory: true }))
    const [first, all] = [median(runs.map(run => run.firstByte)), median(runs.map(run => run.milliseconds))]
    const detail = `medians of 5; ${count} accounts, ${runs[0].bytes} bytes`
    return [
      { what: 'users into a pipe: first line', value: first / 1000, unit: ' s', target: 0.5, detail },
      { what: 'users into a pipe: all lines', value: all / 1000, unit: ' s', target: 3, detail },
      {
        what: 'peak memory of it',
        value: Math.max(...runs.map(run => run.memory)),
        unit: ' MiB',
        target: 200,
        detail: '',
      },
    ]
  })
}

function insertAccounts(site, count) {
  const store = Store.open(site)
  store.transact(() => {
    for (let index = 1; index <= count; index += 1) {
      const storepath = store.filePath('account', 'example.com', `user${index}.axiom`)
      const avatars = store.create(SubStore, { storepath })
      const account = store.create(LoginAccount, { avatars, disabled: 0 })
      const name = { localpart: `user${index}`, domain: 'example.com', protocol: 'email' }
      store.create(LoginMethod, { ...name, account, internal: true, verified: true })
    }
  })
  store.close()
}

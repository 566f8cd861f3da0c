import { readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { parseAddress } from '../../../src/base/address.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { mantissa } from '../../support/mantissa.js'
import { addUser, newSite } from '../../transfer/two-sites.js'
import { bareSql, codesIn, smallSite } from './small-site.js'

it('takes nothing for damage that another process is just making, changing or removing', async () => {
  const { directory } = smallSite()
  const cwd = dirname(directory)
  const names = Array.from({ length: 150 }, (_, index) => `user${index}@example.com`)
  writeFileSync(join(cwd, 'list.csv'), `address\n${names.join('\n')}\n`)
  const work = async () => {
    await mantissa('useradd --from list.csv --quiet', { cwd })
    for (const name of names.slice(0, 5)) await mantissa(`usermod ${name} --disable`, { cwd })
    for (const name of names.slice(0, 5)) await mantissa(`userdel ${name} --purge --confirm ${name}`, { cwd })
  }
  let isWorking = true
  const others = work().finally(() => {
    isWorking = false
  })
  const told = new Set<string>()
  while (isWorking) {
    const { out } = await mantissa('check --json --jobs 2', { cwd })
    for (const { code } of JSON.parse(out) as { code: string }[]) told.add(code)
  }
  await others
  // Who closes the site while somebody reads it leaves the log: that is said, and is so.
  told.delete('LOG_NOT_EMPTIED')
  expect([...told]).toEqual([])
  expect((await codesIn(directory)).filter(code => code !== 'LOG_NOT_EMPTIED')).toEqual([])
}, 120_000)

it('tells of the store that a user has left behind, and whether it was written since', async () => {
  const [source, target] = [newSite('source.axiom'), newSite('target.axiom')]
  addUser(source, 'alice@example.com')
  await transferUser(source, parseAddress('alice@example.com'), { to: target })
  const { directory } = source
  for (const site of [source, target]) site.close()
  expect(await codesIn(directory)).toEqual(['MOVED_STORE_KEPT'])
  expect(await codesIn(target.directory)).toEqual([])
  const [kept = ''] = readdirSync(join(directory, 'temp'))
  bareSql(join(directory, 'temp', kept), 'UPDATE item_login_v3 SET disabled = 1')
  expect(await codesIn(directory)).toEqual(['MOVED_STORE_CHANGED'])
})

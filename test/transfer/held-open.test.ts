import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseExistingAddress } from '../../src/base/address.js'
import { getTransfer } from '../../src/site/transfers-journal.js'
import { hasKeptChanged } from '../../src/transfer/steps/kept-store.js'
import { transferUser } from '../../src/transfer/transfer-user.js'
import { addUser, directoryOfUser, newSite } from './two-sites.js'

it('a process that has the store open while it moves away has not written it afterwards', async () => {
  const [source, target] = [newSite('from.axiom'), newSite('to.axiom')]
  addUser(source, 'alice@example.com')
  const place = directoryOfUser(source, 'alice@example.com')
  const holder = spawn(process.execPath, [join(import.meta.dirname, 'idle-holder.mjs'), place])
  await once(holder.stdout, 'data')
  const { transferId, quarantine } = await transferUser(source, parseExistingAddress('alice@example.com'), {
    to: target,
  })
  expect(readdirSync(quarantine)).toContain('db.sqlite-wal')
  const hasChanged = () => hasKeptChanged(quarantine, getTransfer(source, transferId).plan)
  expect(hasChanged()).toBe(false)
  holder.stdin.end()
  expect(await once(holder, 'close')).toEqual([0, null])
  expect(hasChanged()).toBe(false)
})

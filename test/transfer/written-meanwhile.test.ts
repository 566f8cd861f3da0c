import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { parseExistingAddress } from '../../src/base/address.js'
import { transferUser } from '../../src/transfer/transfer-user.js'
import { addUser, directoryOfUser, newSite, storeOfUser } from './two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')

it('what four processes write while the user moves to and fro exists exactly once', async () => {
  const [one, other] = [newSite('one.axiom'), newSite('other.axiom')]
  addUser(one, 'alice@example.com')
  const places = [one, other].map(site => join(site.directory, 'files/account/example.com/alice.axiom'))
  const begun = storeOfUser(one, 'alice@example.com')
  begun.transact(() => begun.sql.exec('CREATE TABLE mantissa_note (writer, number)'))
  begun.close()
  const script = join(import.meta.dirname, 'busy-writer.mjs')
  const writers = ['a', 'b', 'c', 'd'].map(name => {
    const child = spawn(process.execPath, [script, name, ...places], { stdio: ['ignore', 'pipe', 'pipe'] })
    const told = { name, child, out: '', err: '' }
    child.stdout.on('data', data => {
      told.out += data
    })
    child.stderr.on('data', data => {
      told.err += data
    })
    return told
  })
  while (writers.some(({ out }) => out === '')) await setTimeout(20)
  const images = new Set<number>()
  for (let round = 0; round < 4; round += 1) {
    const [from, to] = round % 2 === 0 ? [one, other] : [other, one]
    images.add((await transferUser(from, ALICE, { to })).images)
    await setTimeout(100)
  }
  for (const { child } of writers) child.kill('SIGTERM')
  await Promise.all(writers.map(({ child }) => child.exitCode ?? once(child, 'close')))
  expect(writers.map(({ err }) => err)).toEqual(['', '', '', ''])
  expect(images).toContain(2)
  expect(directoryOfUser(one, 'alice@example.com')).toBe(places[0])
  const store = storeOfUser(one, 'alice@example.com')
  for (const { name, out } of writers) {
    const acknowledged = out.trim().split('\n').map(Number)
    const stored = store.sql.pluck<number>('SELECT number FROM mantissa_note WHERE writer = ? ORDER BY number', name)
    expect(acknowledged.length).toBeGreaterThan(10)
    expect(stored.slice(0, acknowledged.length)).toEqual(acknowledged)
    expect(stored.length - acknowledged.length).toBeLessThanOrEqual(1)
  }
})

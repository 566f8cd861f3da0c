/**
 * Moves users between two sites in both directions at once, while others create accounts, change passwords and endow in
 * both of them. Plain Node on the built program. Prints what was done, or what was wrong.
 *
 * Arguments: a scratch directory, the seed, how many users begin in each site, how often each is moved.
 */
import assert from 'node:assert/strict'
import { findWrongs } from '../moves/checker.mjs'
import { seeded } from './chance.mjs'
import { makeSites, settleAll } from './places.mjs'
import { Servant } from './servant.mjs'

const [scratch, seed, users, moves] = process.argv.slice(2)
const sites = makeSites(scratch, 'east', 'west')
const random = seeded(seed)
const servants = await Promise.all(Array.from({ length: 4 }, () => Servant.start('contender.mjs')))
const names = []
const hashes = {}
let moved = 0
let written = 0
let refused = 0
let isOver = false

for (const [index, site] of sites.entries())
  for (let number = 0; number < Number(users); number += 1) {
    const name = `u${number}@${index === 0 ? 'east' : 'west'}.example`
    await must(servants[0], { deed: 'add', to: site, name })
    names.push(name)
  }
const traffic = [moveAll(servants[0], 0), moveAll(servants[1], 1)]
const bustle = [writeTo(servants[2], 0), writeTo(servants[3], 1)]
await Promise.all(traffic)
isOver = true
await Promise.all(bustle)
for (const servant of servants) servant.end()
await settleAll(sites)
const accounts = Object.fromEntries(Object.entries(hashes).map(([name, passwordHash]) => [name, { passwordHash }]))
assert.deepEqual(findWrongs(sites, { names, accounts }), [])
console.log(`${moved} moved, ${written} written, ${refused} refused`)

/** Moves the users of one side over and back again; nobody else moves them, so every move must be made in the end. */
async function moveAll(servant, side) {
  const own = names.filter(name => name.endsWith(side === 0 ? '@east.example' : '@west.example'))
  for (let time = 0; time < Number(moves); time += 1)
    for (const name of own) {
      const [from, to] = (time + side) % 2 === 0 ? sites : [...sites].reverse()
      await insist(servant, { deed: 'transfer', from, to, name })
      moved += 1
    }
}

/** Somebody busy may be in the way for a while, not for ever. */
async function insist(servant, order) {
  for (let patience = 20; ; patience -= 1) {
    const { code, family, message } = await servant.do(order)
    if (code === undefined) return
    assert.ok(patience > 0 && (family === 'BusyError' || code === 'TRANSFER_ROLLED_BACK'), message)
    refused += 1
  }
}

/** New accounts, and new passwords for users who may be on their way just then. */
async function writeTo(servant, side) {
  for (let number = 0; !isOver; number += 1) {
    const name = `n${number}@${side === 0 ? 'newer' : 'newest'}.example`
    await must(servant, { deed: 'add', to: sites[side], name })
    names.push(name)
    written += 1
    // Each has users of their own, so that what was acknowledged last is what was done last.
    const user = 2 * Math.floor(random() * Number(users)) + side
    await changePassword(servant, names[user], `$${side}$${number}`)
  }
}

/** Wherever the user may be. */
async function changePassword(servant, name, hash) {
  for (const to of sites) {
    const { code, family, message } = await servant.do({ deed: 'password', to, name, hash })
    const isRefused = family === 'BusyError' || ['NO_SUCH_USER', 'MOVED', 'ITEM_GONE'].includes(code)
    assert.ok(code === undefined || code === 'USER_STORE_BEHIND' || isRefused, message)
    if (isRefused) refused += 1
    else {
      hashes[name] = hash
      written += 1
      return
    }
  }
}

async function must(servant, order) {
  const { code, message } = await servant.do(order)
  assert.equal(code, undefined, message)
}

/**
 * Moves alice again and again while the disk fails below one directory: at its first call, at its second, and so on,
 * until the move passes unharmed. Plain Node on the built program, below `fail-at.c`. Prints each finding, and at last
 * how many calls failed.
 *
 * Arguments: a scratch directory, the deed, the directory where the disk fails; then, as `full:3:10`, how it
 * fails, at which call first, and at every how manieth from there on.
 */
import assert from 'node:assert/strict'
import { createReadStream, mkdirSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { MantissaError, PendingError } from '../../../dist/base/errors.js'
import { importUser } from '../../../dist/transfer/arriving/import-user.js'
import { exportUser } from '../../../dist/transfer/leaving/export-user.js'
import { transferUser } from '../../../dist/transfer/transfer-user.js'
import { ALICE, assertOneAlice, makeAlice, makeSites, settleAll, siteOfAlice, withSite } from './places.mjs'

const [scratch, deed, where, ...sweeps] = process.argv.slice(2)
const ground = join(scratch, 'ground')
const out = join(ground, 'out')
const steer = command => readlinkSync(`/fail-at/${command}`)
const CODES = new Set(['DISK_FULL', 'STORE_UNREADABLE', 'FILE_FAILED', 'TRANSFER_ROLLED_BACK', 'TRANSFER_PENDING'])

const archive = () => join(out, 'alice.tar.gz')
const exportTo =
  (to, more) =>
  ([source]) =>
    withSite(source, site => exportUser(site, ALICE, { to: to(), ...more }))
const DEEDS = {
  transfer: ([source, target]) => withSite(source, from => withSite(target, to => transferUser(from, ALICE, { to }))),
  export: exportTo(() => ({ kind: 'archive', file: archive() })),
  leave: exportTo(() => ({ kind: 'archive', file: archive() }), { remove: true }),
  extract: exportTo(() => ({ kind: 'directory', directory: out }), { remove: true }),
  import: async ([, target]) => {
    const input = createReadStream(archive())
    await withSite(target, to => importUser(to, { kind: 'archive', input })).finally(() => input.destroy())
  },
}
/** Where alice is before the deed, and where it takes her. */
const WAYS_OF_ALICE = {
  transfer: ['source', 'target'],
  export: ['source', 'source'],
  leave: ['source', 'archive'],
  extract: ['source', 'archive'],
  import: ['archive', 'target'],
}
const [here, there] = WAYS_OF_ALICE[deed]

/** What goes wrong at every call would go on for ever. */
const MOST_FINDINGS = 20
let failed = 0
let findings = 0
for (const [way, first, step] of sweeps.map(sweep => sweep.split(':'))) await sweep(way, Number(first), Number(step))
console.log(`${failed} calls, ${findings} findings`)

async function sweep(way, first, step) {
  for (let call = first; findings < MOST_FINDINGS; call += step) {
    try {
      if (!(await failAt(way, call))) break
    } catch (error) {
      steer('disarm')
      findings += 1
      console.log(`${deed}, ${way} at call ${call} below ${where}: ${error.stack}\n`)
    }
    failed += 1
  }
}

/** False when the deed makes fewer calls than that. */
async function failAt(way, call) {
  const sites = await freshGround()
  steer(`arm/${way}/${call}`)
  const error = await DEEDS[deed](sites).then(
    () => undefined,
    reason => reason,
  )
  const calls = Number(steer('disarm'))
  if (error !== undefined) assertTold(error)
  if (way === 'short') assert.ifError(error)
  const isUndone = error !== undefined && !(error instanceof PendingError)
  if (isUndone && !way.endsWith('-for-good')) assertAt(here, sites)
  await settleAll(sites)
  if (isUndone) assertNothingOut()
  if (error instanceof PendingError) assertAt(whereNow(sites), sites)
  else assertAt(isUndone ? here : there, sites)
  if (isUndone) await again(sites)
  await assertClosed()
  return calls >= call
}

async function again(sites) {
  await DEEDS[deed](sites)
  assertAt(there, sites)
}

async function freshGround() {
  rmSync(ground, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const sites = makeSites(ground, 'source', 'target')
  makeAlice(sites[0])
  if (deed === 'import') await DEEDS.leave(sites)
  return sites
}

function assertTold(error) {
  assert.ok(error instanceof MantissaError, error)
  assert.ok(CODES.has(error.code), error)
  assert.ok(error.message.includes(join(ground, where)), `the place is not named: ${error.stack}`)
}

/** A move that was left pending has ended one way or the other. */
function whereNow(sites) {
  return locate(sites) ?? 'archive'
}

function locate(sites) {
  const site = siteOfAlice(sites)
  return site && (site === sites[0] ? 'source' : 'target')
}

function assertAt(place, sites) {
  if (place === 'archive') return assertLeft(sites)
  assert.equal(locate(sites), place)
  // The site that she has left with an archive is no concern of the one that takes her in.
  assertOneAlice(deed === 'import' ? sites.slice(1) : sites)
}

function assertLeft(sites) {
  assert.equal(locate(sites), undefined)
  assert.equal(readdirSync(out).length, 1, `in the place of the export: ${readdirSync(out)}`)
}

/** What failed has left nothing under the name that it was to have. */
function assertNothingOut() {
  if (here === 'source') assert.deepEqual(readdirSync(out), [], 'left in the place of the export')
}

/** What other threads have open is closed a little later. */
async function assertClosed() {
  const open = () =>
    readdirSync('/proc/self/fd')
      .map(pathOf)
      .filter(path => path.startsWith(ground))
  for (let waited = 0; open().length > 0 && waited < 200; waited += 1) await setTimeout(10)
  assert.deepEqual(open(), [], 'left open')
}

function pathOf(descriptor) {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return ''
  }
}

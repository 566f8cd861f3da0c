/**
 * Every figure beside its floor: what bare Node, bare better-sqlite3 or bare file calls need for the same bytes and
 * the same fsyncs, measured in turn with it in one run. Prints one line per figure, and how long each part took under
 * which load of the machine; exits 1 when a target is missed.
 *
 *   npm run bench              all of them
 *   npm run bench -- version   some of them, by name
 *   npm run bench -- --quick   a tenth of the sizes, to see that they run; the ratios then mean little
 */
import { cpus, loadavg } from 'node:os'
import { measureChanges } from './changes.mjs'
import { measureCheck } from './check.mjs'
import { measureFreeze } from './freeze.mjs'
import { measureItems } from './items.mjs'
import { measureManyStores } from './many-stores.mjs'
import { measureMoveMany } from './move-many.mjs'
import { measureOpening } from './opening.mjs'
import { measureTransfer } from './transfer.mjs'
import { measureUseradd } from './useradd.mjs'
import { measureUsers } from './users.mjs'
import { measureVersion } from './version.mjs'
import { measureWebLogins } from './web-logins.mjs'
import { measureWebPages } from './web-pages.mjs'
import { measureWebVisits } from './web-visits.mjs'

const benches = {
  version: measureVersion,
  items: measureItems,
  opening: measureOpening,
  changes: measureChanges,
  stores: measureManyStores,
  useradd: measureUseradd,
  users: measureUsers,
  transfer: measureTransfer,
  freeze: measureFreeze,
  moving: measureMoveMany,
  check: measureCheck,
  pages: measureWebPages,
  visits: measureWebVisits,
  logins: measureWebLogins,
}

const names = process.argv.slice(2).filter(argument => !argument.startsWith('-'))
const scale = process.argv.includes('--quick') ? 0.1 : 1
console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`)
let missed = 0
for (const [name, measure] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue
  const began = performance.now()
  for (const figure of await measure(scale)) report(name, figure)
  const [load = 0] = loadavg()
  console.log(
    `       ${name.padEnd(8)} took ${((performance.now() - began) / 1000).toFixed(0)} s; load ${load.toFixed(1)}`,
  )
}
console.log(missed === 0 ? 'all targets met' : `${missed} missed`)
process.exitCode = missed === 0 ? 0 : 1

function report(name, { what, value, unit, target, detail }) {
  if (value > target) missed += 1
  const verdict = target === undefined ? 'shown ' : value <= target ? 'met   ' : 'MISSED'
  const limit = target === undefined ? '' : ` (at most ${target}${unit})`
  console.log(`${verdict} ${name.padEnd(8)} ${what}: ${value.toFixed(2)}${unit}${limit}  ${detail}`)
}

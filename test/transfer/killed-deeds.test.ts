import { type StdioOptions, spawnSync } from 'node:child_process'
import { closeSync, createReadStream, existsSync, openSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findAccountByAddress } from '../../src/accounts/find-account.js'
import { parseExistingAddress } from '../../src/base/address.js'
import { Site } from '../../src/site/site.js'
import { listTransfers } from '../../src/site/transfers-journal.js'
import { openUntouched } from '../../src/store-engine/database/open-untouched.js'
import { readFence } from '../../src/store-engine/database/write-fence.js'
import { importUser } from '../../src/transfer/arriving/import-user.js'
import { removeAbandonedExports } from '../../src/transfer/leaving/abandoned-exports.js'
import { exportUser } from '../../src/transfer/leaving/export-user.js'
import { discardedDirectory, stagingDirectory } from '../../src/transfer/places.js'
import { FORWARD, type Moment, PROTOCOL, type Side, type StepName } from '../../src/transfer/protocol/protocol.js'
import { recoverTransfers } from '../../src/transfer/protocol/recover-transfers.js'
import { SiteRows } from '../../src/upkeep/check/site-rows.js'
import { faultOf } from '../../src/upkeep/check/temporary-faults.js'
import { temporaryDirectory } from '../support/temporary-directory.js'
import { findingsIn } from '../upkeep/check/small-site.js'
import { addUser, keep, newSite, storeOfUser } from './two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const script = join(import.meta.dirname, 'killed-deed.mjs')
const dieAt = pathToFileURL(join(import.meta.dirname, '../support/die-at.mjs')).href

type Deed = 'import-directory' | 'import-archive' | 'import-stdin' | 'leave-archive' | 'leave-directory'
type Kill = readonly [step: StepName, moment: Moment, deed: Deed]

/** With KILLS=every, everything is killed that can be. */
const EVERY = process.env['KILLS'] === 'every'

/**
 * The moments of every step of one side, each with one of the deeds in turn; a step that is new is among them. Before
 * a step is after the one before it, but for the first.
 */
function killsOf(side: Side, deeds: readonly Deed[]): readonly Kill[] {
  const steps = PROTOCOL.filter(step => step.side === side && FORWARD.includes(step.name))
  const kills = steps.flatMap((step, index) => {
    const moments: readonly Moment[] = 'isDivisible' in step ? ['within', 'after'] : ['after']
    return [...(index === 0 || EVERY ? ['before' as const] : []), ...moments].map(
      moment => [step.name, moment] as const,
    )
  })
  if (EVERY) return deeds.flatMap(deed => kills.map(([step, moment]) => [step, moment, deed] as const))
  return kills.map(([step, moment], index) => [step, moment, deeds[index % deeds.length] as Deed])
}

interface Run {
  readonly place: string
  readonly words?: readonly string[]
  readonly dieAt?: number
}

/** Runs the deed in a process that dies; true when it did. */
function isKilled(deed: string, site: Site, { place, words = [], ...options }: Run): boolean {
  site.close()
  const input = deed === 'import-stdin' ? openSync(join(place, 'alice.tar.gz'), 'r') : undefined
  const stdio: StdioOptions = [input ?? 'ignore', 'pipe', 'pipe']
  const argv = ['--import', dieAt, script, deed, site.directory, place, ...words]
  const env = { ...process.env, ...(options.dieAt === undefined ? {} : { DIE_AT: String(options.dieAt) }) }
  const child = spawnSync(process.execPath, argv, { encoding: 'utf8', stdio, env })
  if (input !== undefined) closeSync(input)
  expect([child.signal, child.status], child.stderr).toContainEqual(child.signal === null ? 0 : 'SIGKILL')
  return child.signal === 'SIGKILL'
}

/** Whatever lies in `temp/` belongs to what the journal knows, or `check` says what it is. */
function expectNamed(directory: string): void {
  using connection = openUntouched(directory)
  const rows = new SiteRows(connection)
  const left = readdirSync(join(directory, 'temp')).filter(
    name => name.startsWith('outgoing-') || name.includes('ing-'),
  )
  expect(left.filter(name => faultOf(directory, rows, name) === undefined)).toEqual([])
}

/** What the next command does before its own work; afterwards `check` finds nothing to do. */
async function openAgain(directory: string): Promise<Site> {
  expectNamed(directory)
  const site = keep(Site.open(directory))
  removeAbandonedExports(site)
  await recoverTransfers(site)
  const wrong = (await findingsIn(directory)).filter(
    ({ code }) => code !== 'MOVED_STORE_KEPT' && code !== 'LOG_NOT_EMPTIED',
  )
  expect(wrong).toEqual([])
  expect(readdirSync(join(directory, 'temp')).filter(name => !name.startsWith('moved-'))).toEqual([])
  return site
}

function expectWritable(site: Site): void {
  const store = storeOfUser(site, 'alice@example.com')
  expect(readFence(store)?.state ?? 'active').toBe('active')
  store.transact(() => store.sql.exec('CREATE TABLE mantissa_probe (x)'))
}

/** What is at the place, as a source for an import. */
function exportAt(place: string) {
  const file = join(place, 'alice.tar.gz')
  if (existsSync(file)) return { kind: 'archive', input: createReadStream(file) } as const
  return { kind: 'directory', directory: join(place, 'alice@example.com.axiom') } as const
}

describe('an import whose process was killed', () => {
  it.each(killsOf('target', ['import-directory', 'import-archive', 'import-stdin']))(
    'in %s (%s), %s: she is here or not at all, and nothing is left over',
    async (step, moment, deed) => {
      const place = temporaryDirectory()
      const origin = newSite('origin.axiom')
      addUser(origin, 'alice@example.com')
      const file = join(place, 'alice.tar.gz')
      const to =
        deed === 'import-directory'
          ? ({ kind: 'directory', directory: place } as const)
          : ({ kind: 'archive', file } as const)
      await exportUser(origin, ALICE, { to })
      const target = newSite()
      const wasKilled = isKilled(deed, target, { place, words: [step, moment] })
      const site = await openAgain(target.directory)
      if (findAccountByAddress(site, ALICE) === undefined) await importUser(site, exportAt(place))
      else expect(wasKilled || moment === 'within').toBe(true)
      expectWritable(site)
    },
  )
})

it('an import that was prepared is completed, also where it was killed while it took the copy away', async () => {
  const place = temporaryDirectory()
  const origin = newSite('origin.axiom')
  addUser(origin, 'alice@example.com')
  await exportUser(origin, ALICE, { to: { kind: 'directory', directory: place } })
  const target = newSite()
  expect(isKilled('import-directory', target, { place, words: ['prepare', 'after'] })).toBe(true)
  const site = keep(Site.open(target.directory))
  const [{ id } = { id: '' }] = listTransfers(site, { open: true })
  renameSync(stagingDirectory(site, id), discardedDirectory(site, id))
  expect(await recoverTransfers(site)).toMatchObject([{ outcome: 'finished' }])
  expectWritable(site)
})

describe('an export with which she leaves, whose process was killed', () => {
  it.each(killsOf('source', ['leave-archive', 'leave-directory']))(
    'in %s (%s), %s: she is here, or in a whole export',
    async (step, moment, deed) => {
      const place = temporaryDirectory()
      const origin = newSite()
      addUser(origin, 'alice@example.com')
      isKilled(deed, origin, { place, words: [step, moment] })
      const site = await openAgain(origin.directory)
      const hasLeft = findAccountByAddress(site, ALICE) === undefined
      expect(readdirSync(place).length).toBe(hasLeft ? 1 : 0)
      if (hasLeft) expect(await importUser(site, exportAt(place))).toMatchObject({ identity: 'kept' })
      expectWritable(site)
    },
  )
})

/** Of the changes on the disk one in six. */
const STRIDE = EVERY ? 1 : 6

describe.each(['export-archive', 'export-directory'])('an export that leaves her here, %s', deed => {
  it('killed at any change on the disk leaves a whole export or nothing, and her', { timeout: 120_000 }, async () => {
    for (let at = 1 + Math.floor(Math.random() * STRIDE), goesOn = true; goesOn; at += STRIDE) {
      const place = temporaryDirectory()
      const origin = newSite()
      addUser(origin, 'alice@example.com')
      goesOn = isKilled(deed, origin, { place, dieAt: at })
      const site = await openAgain(origin.directory)
      expectWritable(site)
      const made = readdirSync(place)
      if (made.length > 0) await importUser(newSite('other.axiom'), exportAt(place))
      expect(goesOn || made.length === 1, `at ${at}`).toBe(true)
      expect(made.length, `at ${at}: ${made}`).toBeLessThanOrEqual(1)
    }
  })
})

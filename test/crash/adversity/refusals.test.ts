import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { getAccountByAddress } from '../../../src/accounts/find-account.js'
import { addLoginMethod } from '../../../src/accounts/login-methods.js'
import { setDisabled } from '../../../src/accounts/set-disabled.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import { createSiteStore, Site } from '../../../src/site/site.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { mountSmallDisk } from '../../store-engine/small-disk.js'
import { contentOf } from '../../store-engine/unharmed.js'
import { mantissa } from '../../support/mantissa.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { StoppedProcess } from '../../transfer/protocol/stopped-process.js'
import { addUser, dump, newSite, storeOfUser } from '../../transfer/two-sites.js'

const ALICE = parseExistingAddress('alice@example.com')
const STORE = 'east.axiom/files/account/example.com/alice.axiom'

let cwd: string

/** Where it is to be told, and what must be there besides; `false` where this machine cannot make the circumstance. */
type Circumstance = () => unknown

interface Refusal {
  readonly what: string
  readonly is: Circumstance
  readonly code: string
  readonly exit: number
  readonly to?: string
}

async function inSite(name: string, work: (site: Site) => unknown): Promise<void> {
  using site = Site.open(join(cwd, name))
  await work(site)
}

const REFUSALS: readonly Refusal[] = [
  {
    what: 'another of her names is taken at the target by somebody disabled, in other letter case',
    is: () =>
      inSite('west.axiom', site => {
        addUser(site, 'AL@Example.ORG')
        setDisabled(site, getAccountByAddress(site, parseExistingAddress('al@example.org')), true)
      }),
    code: 'ADDRESS_TAKEN',
    exit: 4,
  },
  {
    what: 'one of her names is held for somebody else who is on the way to the target',
    is: () =>
      inSite('west.axiom', site =>
        site.store.transact(() =>
          site.store.sql.run("INSERT INTO mantissa_reservation VALUES ('address', 'al@example.org', 'somebody', 0)"),
        ),
      ),
    code: 'ADDRESS_RESERVED',
    exit: 4,
  },
  {
    what: 'another alice has moved away from the target',
    is: () =>
      inSite('west.axiom', async site => {
        addUser(site, 'Alice@example.com')
        await transferUser(site, ALICE, { to: newSite('north.axiom', cwd) })
      }),
    code: 'ADDRESS_MOVED',
    exit: 4,
  },
  {
    what: 'she is in another transfer, whose process lives',
    is: async () => {
      const script = join(import.meta.dirname, '../../transfer/protocol/stopped-transfer.mjs')
      const sites = [join(cwd, 'east.axiom'), newSite('north.axiom', cwd).directory]
      await StoppedProcess.start(script, [...sites, 'copy', 'within'])
    },
    code: 'TRANSFER_OPEN',
    exit: 4,
  },
  {
    what: 'the target has no login system',
    is: () => createSiteStore(join(cwd, 'bare.axiom')).close(),
    to: 'bare.axiom',
    code: 'NO_LOGIN_SYSTEM',
    exit: 3,
  },
  {
    what: 'the target has no room',
    is: () => {
      const disk = mountSmallDisk(2048)
      if (disk === undefined) return false
      newSite('site.axiom', disk.directory).close()
      symlinkSync(join(disk.directory, 'site.axiom'), join(cwd, 'small.axiom'))
      disk.fill(128 * 1024)
      return true
    },
    to: 'small.axiom',
    code: 'NO_SPACE',
    exit: 7,
  },
  {
    what: 'her store is gone',
    is: () => rmSync(join(cwd, STORE), { recursive: true }),
    code: 'USER_STORE_LOST',
    exit: 6,
  },
  {
    what: 'her database is none',
    is: () => writeFileSync(join(cwd, STORE, 'db.sqlite'), Buffer.alloc(16384, 'no database ')),
    code: 'USER_STORE_LOST',
    exit: 6,
  },
  {
    what: 'her database has a schema that none has',
    is: () =>
      inSite('east.axiom', site => {
        const store = storeOfUser(site, 'alice@example.com')
        store.transact(() => store.sql.exec('CREATE TRIGGER t AFTER INSERT ON axiom_objects BEGIN SELECT 1; END'))
        store.close()
      }),
    code: 'FOREIGN_SCHEMA',
    exit: 6,
  },
  {
    what: 'a link is among her files',
    is: () => symlinkSync('/etc/passwd', join(cwd, STORE, 'files/link')),
    code: 'FILE_NOT_MOVABLE',
    exit: 6,
  },
  {
    what: 'python has her store open',
    is: () => openWithPython(join(cwd, STORE, 'db.sqlite')),
    code: 'STORE_IN_USE',
    exit: 7,
  },
]

async function openWithPython(database: string): Promise<unknown> {
  if (spawnSync('python3', ['-c', 'import sqlite3']).status !== 0) return false
  const script = `import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
print("open", flush=True)
sys.stdin.read()`
  const python = spawn('python3', ['-c', script, database])
  onTestFinished(() => void python.kill('SIGKILL'))
  return once(python.stdout, 'data')
}

const transfer = (to: string, more: string) =>
  mantissa(`transfer-user alice@example.com --to ${to} --json${more}`, {
    cwd,
    variables: { MANTISSA_SITE: 'east.axiom' },
  })

const told = (err: string) => JSON.parse(err.slice(err.indexOf('{'))) as { readonly error: Record<string, unknown> }

beforeEach(() => {
  cwd = temporaryDirectory()
  const [east, west] = [newSite('east.axiom', cwd), newSite('west.axiom', cwd)]
  addUser(east, 'alice@example.com')
  const al = { localpart: 'al', domain: 'example.org', protocol: '*', internal: false, verified: true }
  addLoginMethod(getAccountByAddress(east, ALICE), al)
  for (const site of [east, west]) site.close()
})

it.for(REFUSALS)(
  'where $what it is said before anything changes',
  async ({ is, code, exit, to = 'west.axiom' }, test) => {
    if ((await is()) === false) test.skip('this machine cannot make it so')
    const sites = ['east.axiom', to].map(name => join(cwd, name))
    const bytes = sites.map(bytesOf)
    const planned = await transfer(to, ' --dry-run')
    expect(sites.map(bytesOf)).toEqual(bytes)
    const before = sites.map(allButAudit)
    const refused = await transfer(to, '')
    for (const { err, code: ended } of [planned, refused]) {
      expect(told(err).error).toMatchObject({ code, hint: expect.stringMatching(/.+/) })
      expect(ended).toBe(exit)
    }
    expect(sites.map(allButAudit)).toEqual(before)
  },
)

/** Every byte; but the index beside a log tells of readers, and is made anew by the next one. */
function bytesOf(site: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(contentOf(site)).filter(([name]) => !name.endsWith('-shm')))
}

/** The same, where the site's own rows may have grown by what the audit log says. */
function allButAudit(directory: string) {
  using site = Site.open(directory, { readonly: true })
  const files = Object.entries(bytesOf(directory)).filter(([name]) => !/^db\.sqlite|-wal$/.test(name))
  return { files: Object.fromEntries(files), rows: dump(site.store, ['mantissa_audit', 'sqlite_sequence']) }
}

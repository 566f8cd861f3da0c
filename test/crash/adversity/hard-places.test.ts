import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import { Site } from '../../../src/site/site.js'
import { recoverTransfers } from '../../../src/transfer/protocol/recover-transfers.js'
import { transferUser } from '../../../src/transfer/transfer-user.js'
import { mountSmallDisk, type SmallDisk } from '../../store-engine/small-disk.js'
import { contentOf } from '../../store-engine/unharmed.js'
import { mantissa } from '../../support/mantissa.js'
import { asNobody, canBeNobody, projectForOthers } from '../../support/project-for-others.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { addUser, keep, newSite, storeOfUser } from '../../transfer/two-sites.js'
import { findWrongs } from '../moves/checker.mjs'
import { NOTE_TABLE, notePath, noteText } from '../moves/note-files.mjs'

const ALICE = parseExistingAddress('alice@example.com')
const HERS = { names: ['alice@example.com'], notes: { first: { rows: [1], files: [1], last: undefined } } }

/** Alice in a site of that directory, with a row and a file of some size. */
function makeAlice(parent: string, fileBytes = 0): string {
  const site = newSite('source.axiom', parent)
  addUser(site, 'alice@example.com')
  const store = storeOfUser(site, 'alice@example.com')
  store.transact(() => {
    store.sql.exec(`CREATE TABLE ${NOTE_TABLE} (writer, number)`)
    store.sql.run(`INSERT INTO ${NOTE_TABLE} VALUES ('first', 1)`)
  })
  for (const [path, content] of [
    [notePath('first', 1), noteText('first', 1)],
    [['large'], Buffer.alloc(fileBytes, 'x')],
  ] as const) {
    using file = store.newFile(...path)
    file.write(content)
    file.close()
  }
  store.close()
  site.close()
  return site.directory
}

function smallDisk(context: TestContext, kibibytes: number): SmallDisk {
  const disk = mountSmallDisk(kibibytes)
  if (disk === undefined) context.skip('mounting a file system is not permitted here')
  return disk as SmallDisk
}

const codeIn = (err: string) => (JSON.parse(err.slice(err.indexOf('{'))) as { error: { code: string } }).error.code

describe('a target on a file system of its own', () => {
  it('is moved to and back from, in processes of their own', async context => {
    const target = newSite('target.axiom', smallDisk(context, 8192).directory)
    target.close()
    const cwd = temporaryDirectory()
    const source = makeAlice(cwd, 300_000)
    expect(statSync(source).dev).not.toBe(statSync(target.directory).dev)
    const move = (from: string, to: string) =>
      mantissa(`transfer-user alice@example.com --site ${from} --to ${to}`, { cwd })
    for (const [from, to] of [
      [source, target.directory],
      [target.directory, source],
      [source, target.directory],
    ] as const) {
      expect(await move(from, to)).toMatchObject({ code: 0 })
      expect(findWrongs([source, target.directory], HERS)).toEqual([])
    }
  })

  it.for(['plan', 'copy', 'prepare'])(
    'that is filled by others before %s: nothing is half done, and it says so',
    async (step, context) => {
      const disk = smallDisk(context as TestContext, 4096)
      const target = newSite('target.axiom', disk.directory)
      const source = keep(Site.open(makeAlice(temporaryDirectory(), 500_000)))
      const move = transferUser(source, ALICE, {
        to: target,
        observe: (name, moment) => {
          if (name === step && moment === 'before') disk.fill(0)
        },
      })
      await expect(move).rejects.toMatchObject({
        code: expect.stringMatching(/^(DISK_FULL|TRANSFER_PENDING)$/),
        message: expect.stringContaining(target.directory),
      })
      expect(findAccountByAddress(source, ALICE)).toBeDefined()
      const store = storeOfUser(source, 'alice@example.com')
      store.transact(() => store.sql.run(`INSERT INTO ${NOTE_TABLE} VALUES ('first', 2)`))
      store.close()
      rmSync(join(disk.directory, 'ballast'))
      for (const site of [target, source])
        expect((await recoverTransfers(site)).every(({ outcome }) => outcome === 'finished')).toBe(true)
      await transferUser(source, ALICE, { to: target })
      for (const site of [target, source]) site.close()
      expect(
        findWrongs(
          [source, target].map(({ directory }) => directory),
          HERS,
        ),
      ).toEqual([])
    },
  )
})

describe('a target that cannot be written', () => {
  it('since its file system is read-only: says so by its name, and both sites stay as they are', async context => {
    const disk = smallDisk(context, 4096)
    const made = newSite('target.axiom', disk.directory)
    made.close()
    const target = made.directory
    const cwd = temporaryDirectory()
    const source = makeAlice(cwd)
    const run = (words: string) => mantissa(`${words} --yes --json`, { cwd, variables: { MANTISSA_SITE: source } })
    expect(await run('export-user alice@example.com alice.tar.gz')).toMatchObject({ code: 0 })
    disk.makeReadOnly()
    const before = [source, target].map(contentOf)
    for (const words of [
      `transfer-user alice@example.com --to ${target}`,
      `import-user alice.tar.gz --site ${target}`,
      `export-user alice@example.com ${disk.directory}/a.tar.gz`,
      `export-user alice@example.com ${disk.directory}/a.tar.gz --remove`,
      `export-user alice@example.com ${disk.directory} --format directory --remove`,
    ]) {
      const { code, err } = await run(words)
      expect(err, words).toContain(disk.directory)
      expect([codeIn(err), code]).toEqual([
        expect.stringMatching(/^(STORE_READ_ONLY|STORE_UNREADABLE|FILE_DENIED)$/),
        expect.toBeOneOf([5, 7]),
      ])
    }
    expect(contentOf(target)).toEqual(before[1])
    expect(readdirSync(join(source, 'temp'))).toEqual([])
    expect(findWrongs([source], HERS)).toEqual([])
  })

  it.runIf(canBeNobody).for([
    ['the database of the target', 'target.axiom/db.sqlite', 0o444],
    ['the directory in which stores are put together', 'target.axiom/temp', 0o555],
    ['the directory where stores lie', 'target.axiom/files', 0o555],
  ] as const)('since another user may not write %s: she stays, and nothing is left there', ([, path, mode]) => {
    const cwd = temporaryDirectory()
    makeAlice(cwd)
    newSite('target.axiom', cwd).close()
    spawnSync('chown', ['-R', '65534:65534', cwd])
    chmodSync(cwd, 0o755)
    spawnSync('chown', ['-R', '0:0', join(cwd, path)])
    chmodSync(join(cwd, path), mode)
    const bin = join(projectForOthers(), 'bin/mantissa.js')
    const words = ['transfer-user', 'alice@example.com', '--to', 'target.axiom', '--site', 'source.axiom', '--json']
    const { stderr, status } = spawnSync('setpriv', [...asNobody, process.execPath, bin, ...words], {
      cwd,
      env: { HOME: cwd },
      encoding: 'utf8',
    })
    expect(stderr).toContain(join(cwd, path.split('/')[0] ?? ''))
    expect([codeIn(stderr), status]).toEqual([
      expect.stringMatching(/^(STORE_READ_ONLY|STORE_UNREADABLE|FILE_DENIED|TRANSFER_ROLLED_BACK)$/),
      expect.toBeOneOf([5, 7, 9]),
    ])
    expect(
      findWrongs(
        ['source.axiom', 'target.axiom'].map(name => join(cwd, name)),
        HERS,
      ),
    ).toEqual([])
  })
})

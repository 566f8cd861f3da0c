import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { cloneFixture } from '../../support/fixtures.js'
import { mantissa } from '../../support/mantissa.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { StoppedProcess } from '../../transfer/protocol/stopped-process.js'
import { addUser, newSite } from '../../transfer/two-sites.js'

let cwd: string

const variables = { MANTISSA_SITE: 'east.axiom' }
const run = (words: string, stdin?: Uint8Array) =>
  mantissa(words, { cwd, variables, ...(stdin === undefined ? {} : { stdin }) })

async function succeed(words: string, stdin?: Uint8Array) {
  const done = await run(words, stdin)
  expect(done.err.replace(/^.*(carried untouched|rollback journal).*\n/gm, '') + done.code).toBe('0')
  return done
}

const errorOf = (err: string) => (JSON.parse(err) as { error: { code: string; hint: string } }).error

beforeEach(() => {
  cwd = temporaryDirectory()
  const [east, west] = [newSite('east.axiom', cwd), newSite('west.axiom', cwd)]
  addUser(east, 'alice@example.com')
  for (const site of [east, west]) site.close()
})

describe('transfer-user', () => {
  it('moves a user, says how long writes were refused, and leaves a tombstone that answers', async () => {
    const { out } = await succeed('transfer-user ALICE@Example.com --to west.axiom --json')
    expect(JSON.parse(out)).toMatchObject({
      status: 'moved',
      address: 'alice@example.com',
      from: join(cwd, 'east.axiom'),
      to: join(cwd, 'west.axiom'),
      epoch: 1,
      images: 1,
      freezeMs: expect.any(Number),
      code: null,
    })
    const gone = await run('user alice@example.com --json')
    expect(gone.code).toBe(3)
    expect(errorOf(gone.err)).toMatchObject({ code: 'MOVED', hint: expect.stringContaining('west.axiom') })
    await succeed('user alice@example.com --site west.axiom')
    expect((await run('useradd alice@example.com --passwordless')).code).toBe(4)
    const { out: list } = await succeed('transfer list --json')
    expect(JSON.parse(list)).toMatchObject([
      {
        ...{ state: 'HANDED_OVER', decision: 'commit', open: false, role: 'source' },
        ...{
          coordinator: null,
          user: 'moved',
          freezeMs: expect.any(Number),
          next: 'purge',
          command: expect.stringContaining('transfer purge'),
        },
      },
    ])
  })

  it('--dry-run prints the plan and touches nothing', async () => {
    const database = join(cwd, 'east.axiom/files/account/example.com/alice.axiom/db.sqlite')
    const before = readFileSync(database)
    const { out } = await succeed('transfer-user alice@example.com --to west.axiom --dry-run --json')
    expect(JSON.parse(out)).toMatchObject({ status: 'planned', address: 'alice@example.com', warnings: [] })
    expect(readFileSync(database).equals(before)).toBe(true)
    expect((await succeed('transfer list')).out).toBe('')
  })

  it('names create-site where there is no target, and changes nothing', async () => {
    const { code, err } = await run('transfer-user alice@example.com --to nowhere.axiom')
    expect(code).toBe(3)
    expect(err).toBe(
      `error: there is no site ${join(cwd, 'nowhere.axiom')} to move to\ntry: mantissa create-site nowhere.axiom\n`,
    )
    expect(existsSync(join(cwd, 'nowhere.axiom'))).toBe(false)
  })

  it('says where a name is taken that cannot be taken along', async () => {
    await succeed('useradd ALICE@Example.com --passwordless --site west.axiom')
    const refused = await run('transfer-user alice@example.com --to west.axiom --json')
    expect(refused.code).toBe(4)
    const hint = `look there first: mantissa --site ${join(cwd, 'west.axiom')} users`
    expect(errorOf(refused.err)).toMatchObject({ code: 'ADDRESS_TAKEN', hint })
  })

  it('reports each of several, goes on after a failure, and exits 10', async () => {
    await succeed('useradd bob@example.com --passwordless')
    await succeed('useradd BOB@example.com --passwordless --site west.axiom')
    const { code, out, err } = await run(
      'transfer-user alice@example.com bob@example.com nobody@example.com --to west.axiom --json',
    )
    expect(code).toBe(10)
    expect(JSON.parse(out)).toMatchObject([
      { status: 'moved', address: 'alice@example.com' },
      { status: 'failed', address: 'bob@example.com', code: 'ADDRESS_TAKEN' },
      { status: 'failed', address: 'nobody@example.com', code: 'NO_SUCH_USER' },
    ])
    expect(errorOf(err)).toMatchObject({ code: 'PARTIAL' })
    await succeed('user bob@example.com')
  })

  it('--require-offerings refuses what is a warning otherwise', async () => {
    await succeed('offering install notes')
    await succeed('offering endow alice@example.com notes')
    const refused = await run('transfer-user alice@example.com --to west.axiom --require-offerings --json')
    expect(refused.code).toBe(4)
    expect(errorOf(refused.err)).toMatchObject({ code: 'OFFERINGS_MISSING' })
    const { code, err } = await run('transfer-user alice@example.com --to west.axiom')
    expect(code).toBe(0)
    expect(err).toContain('not installed at the target: notes')
    await succeed('offering install notes --site west.axiom')
    const { out } = await succeed('users --offering notes --site west.axiom --json')
    expect(JSON.parse(out)).toMatchObject([{ address: 'alice@example.com' }])
  })

  it('waits for nothing when the server of the original runs, and --assume-stopped overrides it', async () => {
    const server = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], {
      argv0: 'python3',
      stdio: 'ignore',
    })
    try {
      writeFileSync(join(cwd, 'east.axiom/run/axiomatic.pid'), `${server.pid}\n`)
      const refused = await run('transfer-user alice@example.com --to west.axiom --json')
      expect(refused.code).toBe(7)
      expect(errorOf(refused.err)).toMatchObject({ code: 'STORE_IN_USE' })
      await succeed('transfer-user alice@example.com --to west.axiom --assume-stopped')
    } finally {
      server.kill()
    }
  })

  it('moves carol of the original with her 201 people, to and fro', async () => {
    const site = cloneFixture('divmod-site.axiom')
    await succeed(`transfer-user carol@example.net --site ${site} --to west.axiom`)
    const { out } = await succeed('user carol@example.org --site west.axiom --json')
    expect(out).toMatch(/mantissa_person[^}]*201|201[^}]*mantissa_person/)
    expect((await run(`user carol@example.net --site ${site}`)).code).toBe(3)
    await succeed(`transfer-user carol@example.net --site west.axiom --to ${site}`)
    await succeed(`user carol@example.net --site ${site}`)
  })
})

describe('a command that was killed', () => {
  it('is ended by the next one that writes either site', async () => {
    await succeed('useradd bob@example.com --passwordless')
    const script = join(import.meta.dirname, '../../transfer/protocol/killed-transfer.mjs')
    const child = spawn(process.execPath, [script, 'east.axiom', 'west.axiom', 'commit', 'after'], { cwd })
    await new Promise(resolve => child.on('exit', resolve))
    const { out } = await succeed('transfer list --open --json')
    expect(JSON.parse(out)).toMatchObject([
      { address: 'alice@example.com', state: 'DECIDED', open: true, coordinator: 'gone', next: 'hand-over' },
    ])
    await succeed('usermod bob@example.com --disable')
    expect((await succeed('transfer list --open')).out).toBe('')
    await succeed('user alice@example.com --site west.axiom')
  })

  it('is ended by transfer resume, which is harmless when repeated', async () => {
    const script = join(import.meta.dirname, '../../transfer/protocol/killed-transfer.mjs')
    const child = spawn(process.execPath, [script, 'east.axiom', 'west.axiom', 'prepare', 'after'], { cwd })
    await new Promise(resolve => child.on('exit', resolve))
    const refused = await run('usermod alice@example.com --disable --dry-run')
    expect(refused.code).toBe(0)
    const { out } = await succeed('transfer resume --json')
    expect(JSON.parse(out)).toMatchObject([{ outcome: 'finished', decision: 'abort', state: 'CLOSED' }])
    expect((await succeed('transfer resume')).out).toBe('')
    await succeed('transfer-user alice@example.com --to west.axiom')
  })

  it('can be aborted by hand while nothing is decided, and not afterwards', async () => {
    const script = join(import.meta.dirname, '../../transfer/protocol/killed-transfer.mjs')
    const child = spawn(process.execPath, [script, 'east.axiom', 'west.axiom', 'seal', 'after'], { cwd })
    await new Promise(resolve => child.on('exit', resolve))
    const id = (await succeed('transfer list')).out.split('\t')[0] ?? ''
    await succeed(`transfer abort ${id}`)
    await succeed('transfer-user alice@example.com --to west.axiom')
    const moved = (await succeed('transfer list')).out.trim().split('\n').at(-1)?.split('\t')[0] ?? ''
    await succeed('export-user alice@example.com a.tar.gz --site west.axiom')
    await succeed('import-user a.tar.gz --as al@example.com')
    const imported = (await succeed('transfer list')).out.trim().split('\n').at(-1)?.split('\t')[0] ?? ''
    for (const line of [moved, `${moved} --dry-run`, `${moved} --site west.axiom --dry-run`, imported]) {
      const refused = await run(`transfer abort ${line} --json`)
      expect(refused.code).toBe(4)
      expect(errorOf(refused.err)).toMatchObject({ code: 'TRANSFER_COMMITTED' })
    }
  })
})

describe('a command that stands still', () => {
  const script = join(import.meta.dirname, '../../transfer/protocol/stopped-transfer.mjs')
  const sites = () => [join(cwd, 'east.axiom'), join(cwd, 'west.axiom')]

  it('is undone by the next one that writes either site, beyond its freeze limit', async () => {
    const stopped = await StoppedProcess.start(script, [...sites(), 'seal', 'after'])
    const [frozen] = JSON.parse((await succeed('transfer list --open --json')).out)
    const command = `mantissa transfer resume ${frozen.id}`
    expect(frozen).toMatchObject({ coordinator: 'stalled', user: 'frozen', next: 'abort', freezeMs: null, command })
    const shown = await succeed(`transfer show ${frozen.id} --site west.axiom`)
    expect(shown.out).toMatch(/stands still for .* \(pid \d+\).*cannot write until it ends/s)
    const { err, code } = await run('usermod alice@example.com --disable')
    expect(code).toBe(0)
    expect(err).toMatch(/transfer \w+ of alice@example.com stood still; it was undone/)
    const [undone] = JSON.parse((await succeed('transfer list --json')).out)
    expect(undone).toMatchObject({ coordinator: null, user: 'stayed', next: null, freezeMs: expect.any(Number) })
    expect(await stopped.wake()).toMatchObject({ code: 'TRANSFER_ABORTED' })
  })

  it('before the seal hinders nobody, until it is aborted', async () => {
    const stopped = await StoppedProcess.start(script, [...sites(), 'copy', 'within'])
    const [copying] = JSON.parse((await succeed('transfer list --json')).out)
    expect(copying).toMatchObject({
      coordinator: 'stalled',
      user: 'writes',
      command: expect.stringContaining('transfer abort'),
    })
    const { err, code } = await run('usermod alice@example.com --disable')
    expect(code).toBe(0)
    const [, id] = /mantissa transfer abort (\w+)/.exec(err) ?? []
    expect((await run('transfer resume')).code).toBe(8)
    await succeed(`transfer abort ${id}`)
    expect(await stopped.wake()).toMatchObject({ code: 'TRANSFER_ABORTED' })
  })

  it('is given a limit of five seconds at least', async () => {
    const refused = await run('transfer-user alice@example.com --to west.axiom --freeze-limit 2s --json')
    expect(refused.code).toBe(2)
    await succeed('transfer-user alice@example.com --to west.axiom --freeze-limit 1m')
  })
})

describe('transfer purge', () => {
  it('deletes old stores when that was confirmed, and says what it frees', async () => {
    await succeed('transfer-user alice@example.com --to west.axiom')
    expect((await succeed('transfer purge')).out).toBe('')
    const [planned] = JSON.parse((await succeed('transfer purge --older-than 0s --dry-run --json')).out)
    expect(planned).toMatchObject({ status: 'planned', address: 'alice@example.com', bytes: expect.any(Number) })
    const refused = await run(`transfer purge ${planned.id} --confirm bob@example.com --json`)
    expect(errorOf(refused.err)).toMatchObject({ code: 'NOT_CONFIRMED' })
    expect(existsSync(planned.directory)).toBe(true)
    const { out } = await succeed(`transfer purge ${planned.id} --confirm alice@example.com --json`)
    expect(JSON.parse(out)).toMatchObject([{ status: 'purged', bytes: planned.bytes }])
    expect(existsSync(planned.directory)).toBe(false)
    expect(JSON.parse((await succeed('transfer list --json')).out)).toMatchObject([{ state: 'PURGED' }])
    expect((await succeed(`transfer purge ${planned.id}`)).out).toBe('')
  })

  it('tells of stores that were changed, and deletes the others', async () => {
    await succeed('useradd bob@example.com --passwordless')
    const moved = await run('transfer-user alice@example.com bob@example.com --to west.axiom --json')
    expect(moved.code).toBe(0)
    const [alice] = JSON.parse(moved.out)
    writeFileSync(join(alice.quarantine, 'db.sqlite'), 'changed', { flag: 'a' })
    const { code, out } = await run('transfer purge --older-than 0s --confirm east.axiom --json')
    expect(code).toBe(10)
    expect(JSON.parse(out)).toMatchObject([{ status: 'refused', code: 'MOVED_STORE_CHANGED' }, { status: 'purged' }])
    const alone = await run(`transfer purge ${alice.transferId} --json`)
    expect(alone.code).toBe(4)
    await succeed(`transfer purge ${alice.transferId} --changed-too --confirm alice@example.com`)
  })
})

describe('export-user and import-user', () => {
  it.each([
    ['an archive', 'export-user alice@example.com a.tar.gz', 'a.tar.gz'],
    ['a directory', 'export-user alice@example.com . --format directory', 'alice@example.com.axiom'],
  ])('bring back in %s what the user was endowed with', async (_form, exporting, source) => {
    await succeed('offering install notes')
    await succeed('offering install notes --site west.axiom')
    await succeed('offering endow alice@example.com notes')
    await succeed(exporting)
    await succeed(`import-user ${source} --site west.axiom`)
    const { out } = await succeed('users --offering notes --site west.axiom --json')
    expect(JSON.parse(out)).toMatchObject([{ address: 'alice@example.com' }])
    await succeed('offering deprive alice@example.com notes --yes --site west.axiom')
    expect((await succeed('users --offering notes --site west.axiom')).out).toBe('')
  })

  it('go through a pipe, in two processes', async () => {
    const site = cloneFixture('divmod-site.axiom')
    const exported = await mantissa(`export-user dave@example.org - --site ${site}`, { cwd })
    expect(exported.code).toBe(0)
    expect(exported.err).toMatch(/^exported dave@example.org to standard output: /)
    const { out } = await succeed('import-user - --json', exported.bytes)
    expect(JSON.parse(out)).toMatchObject({
      status: 'imported',
      address: 'dave@example.org',
      identity: 'new',
      files: 2,
    })
    const again = await run('import-user - --json', exported.bytes)
    expect(again.code).toBe(4)
    expect(errorOf(again.err)).toMatchObject({ code: 'ADDRESS_TAKEN' })
    await succeed('import-user - --as david@example.org', exported.bytes)
  })

  it('plan without touching anything', async () => {
    await succeed('export-user alice@example.com alice.tar.gz --dry-run')
    expect(readdirSync(cwd)).not.toContain('alice.tar.gz')
    await succeed('export-user alice@example.com alice.tar.gz')
    const { out } = await succeed('import-user alice.tar.gz --site west.axiom --dry-run --json')
    expect(JSON.parse(out)).toMatchObject({ status: 'planned', address: 'alice@example.com', identity: 'new' })
    expect((await run('user alice@example.com --site west.axiom')).code).toBe(3)
  })

  it('refuse what is no archive, a cut one, and what is not there', async () => {
    await succeed('export-user alice@example.com alice.tar.gz')
    const bytes = readFileSync(join(cwd, 'alice.tar.gz'))
    expect((await run('import-user - --site west.axiom', bytes.subarray(0, 900))).code).toBe(6)
    expect((await run('import-user - --site west.axiom', Buffer.from('hello'))).code).toBe(6)
    expect((await run('import-user missing.tar.gz --site west.axiom')).code).toBe(3)
    expect((await run('export-user alice@example.com alice.tar.gz')).code).toBe(4)
    expect(readdirSync(join(cwd, 'west.axiom/temp'))).toEqual([])
  })

  it('--remove to standard output needs --yes', async () => {
    expect((await run('export-user alice@example.com - --remove')).code).toBe(2)
    await succeed('user alice@example.com')
    const { code, err, bytes } = await run('export-user alice@example.com - --remove --yes')
    expect(code).toBe(0)
    expect(err).toContain('to get the user back: mantissa import-user --restore ')
    expect((await run('user alice@example.com')).code).toBe(3)
    const { out } = await succeed('import-user - --site west.axiom --json', bytes)
    expect(JSON.parse(out)).toMatchObject({ identity: 'kept', epoch: 1 })
  })

  it('know the words of the original', async () => {
    mkdirSync(join(cwd, 'out'))
    await succeed('extract-user -a alice@example.com -d out')
    expect(readdirSync(join(cwd, 'out'))).toEqual(['alice@example.com.axiom'])
    expect((await run('user alice@example.com')).code).toBe(3)
    await succeed('insert-user -u out/alice@example.com.axiom')
    await succeed('user alice@example.com')
  })

  it('are in the audit log', async () => {
    await succeed('export-user alice@example.com alice.tar.gz')
    await succeed('transfer-user alice@example.com --to west.axiom')
    const { Site } = await import('../../../src/site/site.js')
    const { listAudit } = await import('../../../src/site/audit.js')
    for (const [name, verbs] of [
      ['east.axiom', ['transfer-user', 'export-user']],
      ['west.axiom', ['transfer-user']],
    ] as const) {
      using site = Site.open(join(cwd, name), { readonly: true })
      expect(listAudit(site).map(({ verb }) => verb)).toEqual(expect.arrayContaining([...verbs]))
    }
  })
})

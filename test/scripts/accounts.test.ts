import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authenticate } from '../../src/accounts/authenticate.js'
import { listAudit } from '../../src/site/audit.js'
import { Site } from '../../src/site/site.js'
import { Store } from '../../src/store-engine/store.js'
import { cloneFixture } from '../support/fixtures.js'
import { type Finished, mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const variables = { MANTISSA_SITE: 'site.axiom' }

/** A directory with the site `site.axiom`; without a line it is a bare store, as `axiomatic` would find it. */
async function directoryWith(...lines: readonly string[]): Promise<string> {
  const cwd = temporaryDirectory()
  for (const line of lines) expect(await run(cwd, line)).toMatchObject({ code: 0 })
  return cwd
}

function bareDirectory(): string {
  const cwd = temporaryDirectory()
  Store.create(join(cwd, 'site.axiom')).close()
  return cwd
}

function run(cwd: string, line: string, stdin = 'secret\n'): Promise<Finished> {
  return mantissa(line, { cwd, stdin, variables })
}

const SITE = 'create-site site.axiom --hostname example.com'

function errorOf({ err }: Finished): { code: string; message: string; hint: string } {
  return JSON.parse(err.slice(err.indexOf('{'))).error
}

describe('the verbs of axiomatic userbase', () => {
  it('behaviour 1: userbase create installs the login system, and the account can log in', async () => {
    const cwd = bareDirectory()
    expect(await run(cwd, 'userbase create alice localhost --password-file -')).toMatchObject({ code: 0 })
    using site = Site.open(join(cwd, 'site.axiom'))
    const account = await authenticate(site, 'alice@localhost', 'secret')
    expect(account.passwordHash).toMatch(/^\$argon2id\$/)
    expect(site.store.sql.all('SELECT internal, verified, protocol FROM item_login_method_v2')).toEqual([
      { internal: 0, verified: 1, protocol: 'email' },
    ])
  })

  it('behaviour 2: userbase install makes the store realm and checker, once', async () => {
    const cwd = bareDirectory()
    expect(await run(cwd, 'userbase install')).toMatchObject({ code: 0 })
    using site = Site.open(join(cwd, 'site.axiom'))
    const faces = site.store.sql.pluck('SELECT interface FROM item_axiom_powerup_connector_v1 WHERE item = -1')
    expect(faces).toEqual(['twisted.cred.checkers.ICredentialsChecker', 'twisted.cred.portal.IRealm'])
    expect(await run(cwd, 'userbase install')).toMatchObject({ code: 4 })
  })

  it('behaviour 3: userbase list prints one line on a fresh store', async () => {
    expect(await run(bareDirectory(), 'userbase list')).toMatchObject({ code: 0, out: 'No accounts\n', err: '' })
  })

  it('behaviours 4, 5 and 6: userbase list prints every address, [DISABLED], and offerings by their bare name', async () => {
    const cwd = await directoryWith(
      SITE,
      'useradd alice@example.com --passwordless',
      'useradd bob@example.com --passwordless',
      'usermod bob@example.com --disable',
    )
    const { out } = await run(cwd, 'userbase list')
    expect(out).toBe('mantissa-base\nalice@example.com\nbob@example.com [DISABLED]\n')
  })

  it('refuses a password in the arguments without repeating it', async () => {
    const refused = await run(bareDirectory(), 'userbase create alice localhost hunter2')
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).not.toContain('hunter2')
  })
})

describe('useradd', () => {
  let taken: string

  beforeAll(async () => {
    taken = mkdtempSync(join(tmpdir(), 'mantissa-test-'))
    const lines = ['useradd alice@example.com --passwordless', 'login-method add alice@example.com al@example.org']
    for (const line of [SITE, ...lines]) expect(await run(taken, line)).toMatchObject({ code: 0 })
  })

  afterAll(() => rmSync(taken, { recursive: true, force: true }))

  it('creates an account that can log in, tells it as JSON, and records it without the password', async () => {
    const cwd = await directoryWith(SITE)
    const made = await run(cwd, 'useradd alice@example.com --password-file - --json')
    expect(JSON.parse(made.out)).toMatchObject({ status: 'created', address: 'alice@example.com' })
    using site = Site.open(join(cwd, 'site.axiom'))
    await authenticate(site, 'ALICE@example.com', 'secret')
    const [record] = listAudit(site)
    expect(record).toMatchObject({ verb: 'useradd', result: 'done', args: { address: expect.anything() } })
    expect(JSON.stringify(record)).not.toContain('secret')
  })

  it.each([
    ['alice@example.com', 4, 'ADDRESS_TAKEN'],
    ['ALICE@EXAMPLE.com', 4, 'ADDRESS_TAKEN'],
    ['al@example.org', 4, 'ADDRESS_TAKEN'],
    ['no-domain', 2, 'INVALID_ADDRESS'],
    ['@example.com', 2, 'INVALID_ADDRESS'],
    ['../etc@example.com', 2, 'INVALID_ADDRESS'],
    ['a@..', 2, 'INVALID_ADDRESS'],
  ])('refuses %s', async (address, code, name) => {
    const refused = await run(taken, `useradd ${address} --passwordless --json`)
    expect(refused).toMatchObject({ code, out: '' })
    expect(errorOf(refused).code).toBe(name)
    expect((await run(taken, 'users')).out.split('\n')).toHaveLength(2)
  })

  it('plans without touching anything', async () => {
    const cwd = await directoryWith(SITE)
    const planned = await run(cwd, 'useradd alice@example.com --dry-run')
    expect(planned).toMatchObject({ code: 0, out: 'planned\talice@example.com\t\t\t\n' })
    expect((await run(cwd, 'users')).out).toBe('')
  })

  it('asks for what answers a question where nobody can be asked', async () => {
    const cwd = await directoryWith(SITE)
    const refused = await run(cwd, 'useradd alice@example.com --json')
    expect(refused.code).toBe(2)
    expect(errorOf(refused)).toMatchObject({ code: 'INPUT_NEEDED', hint: expect.stringContaining('--password-file') })
  })
})

describe('useradd --from', () => {
  const HASH = '$argon2id$v=19$m=102400,t=2,p=8$MVoA1vpU3QT43TyVmlpU5g$3eTIkd7JVWubBCrm/TGqhQ'

  it('creates a list of CSV with an error per line, and again says already', async () => {
    const cwd = await directoryWith(SITE)
    const list = [
      'address,password,passwordHash,disabled',
      'a@example.com,secret,,',
      `b@example.com,,"${HASH}",yes`,
      'c@@example.com,,,',
      'A@EXAMPLE.COM,,,',
      'd@example.com,,no hash,',
      'e@example.com,too,many,columns,here',
      '',
    ].join('\r\n')
    writeFileSync(join(cwd, 'list.csv'), `\ufeff${list}`)
    const first = await run(cwd, 'useradd --from list.csv --json')
    expect(first.code).toBe(10)
    const rows: { status: string; line: number; address: string | null; code: string | null }[] = JSON.parse(first.out)
    expect(rows.map(({ status, line, address, code }) => [status, line, address, code])).toEqual([
      ['created', 2, 'a@example.com', null],
      ['created', 3, 'b@example.com', null],
      ['failed', 4, null, 'INVALID_ADDRESS'],
      ['already', 5, 'A@EXAMPLE.COM', null],
      ['failed', 6, null, 'ACCOUNT_LIST'],
      ['failed', 7, null, 'ACCOUNT_LIST'],
    ])
    expect(first.out + first.err).not.toMatch(/secret|no hash/)
    expect(errorOf(first).code).toBe('SOME_ACCOUNTS_FAILED')
    using site = Site.open(join(cwd, 'site.axiom'))
    await authenticate(site, 'a@example.com', 'secret')
    expect(JSON.parse((await run(cwd, 'users --disabled --json')).out)).toMatchObject([{ address: 'b@example.com' }])
    const second = await run(cwd, 'useradd --from list.csv --json')
    expect(JSON.parse(second.out).map(({ status }: { status: string }) => status)).toEqual([
      'already',
      'already',
      'failed',
      'already',
      'failed',
      'failed',
    ])
  })

  it('reads JSON lines from standard input', async () => {
    const cwd = await directoryWith(SITE)
    const list =
      '{"address":"a@example.com","internal":false}\n{"address":"b@example.com","protocol":"sip"}\nnonsense\n'
    const done = await run(cwd, 'useradd --from - --format jsonl', list)
    expect(done.code).toBe(10)
    expect(done.out.split('\n').slice(0, 2)).toEqual(['created\ta@example.com\t1\t\t', 'created\tb@example.com\t2\t\t'])
    const { out } = await run(cwd, 'login-method list b@example.com')
    expect(out).toBe('b@example.com\tsip\tyes\tyes\n')
  })

  it('refuses a column that nobody knows before it creates anything', async () => {
    const cwd = await directoryWith(SITE)
    const refused = await run(cwd, 'useradd --from - --json', 'address,pasword\na@example.com,x\n')
    expect(refused.code).toBe(2)
    expect(errorOf(refused).message).toContain('pasword')
    expect((await run(cwd, 'users')).out).toBe('')
  })

  it('tells what was created before a list stops being CSV', async () => {
    const cwd = await directoryWith(SITE)
    const names = Array.from({ length: 150 }, (_, index) => `u${index}@example.com`)
    writeFileSync(join(cwd, 'list.csv'), ['address', ...names, '"broken"x', 'z@example.com'].join('\n'))
    const { code, out, err } = await run(cwd, 'useradd --from list.csv')
    expect(code).toBe(10)
    expect(out.match(/^created/gm)).toHaveLength(150)
    expect(out).toMatch(/^failed\t\t152\tACCOUNT_LIST\t/m)
    expect(err).toContain('created 150, already 0, failed 1')
    expect((await run(cwd, 'users')).out.trim().split('\n')).toHaveLength(150)
    writeFileSync(join(cwd, 'list.csv'), 'address,address\na@example.com,b@example.com\n')
    expect(await run(cwd, 'useradd --from list.csv')).toMatchObject({ code: 2, out: '' })
  })

  it('plans a list without touching anything', async () => {
    const cwd = await directoryWith(SITE)
    const planned = await run(cwd, 'useradd --from - --dry-run', 'address\na@example.com\na@example.com\n')
    expect(planned).toMatchObject({ code: 0, out: 'planned\ta@example.com\t2\t\t\nalready\ta@example.com\t3\t\t\n' })
    expect((await run(cwd, 'users')).out).toBe('')
  })
})

describe('on the real site', () => {
  it('users lists the five people and the admin with all methods, bob disabled', async () => {
    const site = cloneFixture('divmod-site.axiom')
    const { out } = await mantissa(['users', '--json', '--site', site], { cwd: '/' })
    const users: { address: string; disabled: boolean; methods: unknown[] }[] = JSON.parse(out)
    expect(users.map(({ address, disabled, methods }) => [address, disabled, methods.length])).toEqual([
      ['admin@example.org', false, 1],
      ['alice@example.org', false, 3],
      ['bob@example.org', true, 1],
      ['zoë@example.org', false, 2],
      ['carol@example.net', false, 2],
      ['dave@example.org', false, 1],
    ])
    using opened = Store.open(site, { readonly: true })
    expect(opened.sql.all("SELECT name FROM sqlite_master WHERE name LIKE 'mantissa%'")).toEqual([])
  })

  it('info names the four offerings and changes nothing', async () => {
    const site = cloneFixture('divmod-site.axiom')
    const { out } = await mantissa(['info', '--json', '--site', site], { cwd: '/' })
    expect(JSON.parse(out)).toMatchObject({
      people: 6,
      disabled: 1,
      offerings: ['mantissa-base', 'mantissa', 'People', 'mantissa-amp'],
      siteId: null,
    })
  })

  it('user tells everything, by any address and in any letter case', async () => {
    const site = cloneFixture('divmod-site.axiom')
    const { out } = await mantissa(['user', 'ALICE@voice.example.org', '--json', '--site', site], { cwd: '/' })
    expect(JSON.parse(out)).toMatchObject({
      address: 'alice@example.org',
      disabled: false,
      password: true,
      storeState: 'active',
      items: { 'xmantissa_interstore__queuedmessage v1': 2 },
      nextEvent: '2026-11-22T11:11:01.383890Z',
    })
  })
})

describe('changing an account', () => {
  it('usermod, passwd and login-method do it and say already', async () => {
    const cwd = await directoryWith(SITE, 'useradd alice@example.com --passwordless')
    expect((await run(cwd, 'usermod alice@example.com --disable')).out).toBe('done\talice@example.com\tdisabled\n')
    expect((await run(cwd, 'usermod alice@example.com --disable')).out).toBe('already\talice@example.com\tdisabled\n')
    expect((await run(cwd, 'usermod alice@example.com --enable')).code).toBe(0)
    expect((await run(cwd, 'passwd alice@example.com --password-file -')).code).toBe(0)
    expect((await run(cwd, 'login-method add alice@example.com al@example.com')).out).toContain('added\t')
    expect((await run(cwd, 'login-method add alice@example.com al@example.com')).out).toContain('already\t')
    expect((await run(cwd, 'login-method remove alice@example.com al@example.com')).code).toBe(2)
    expect((await run(cwd, 'login-method remove alice@example.com al@example.com --yes')).code).toBe(0)
    expect((await run(cwd, 'login-method remove alice@example.com alice@example.com --yes')).code).toBe(4)
    using site = Site.open(join(cwd, 'site.axiom'))
    await authenticate(site, 'alice@example.com', 'secret')
  })

  it('usermod says who is an administrator, and user and users tell', async () => {
    const cwd = await directoryWith(SITE, 'useradd alice@example.com --passwordless')
    expect((await run(cwd, 'usermod alice@example.com --admin --dry-run')).out).toMatch(/^planned\t/)
    expect((await run(cwd, 'usermod alice@example.com --admin')).out).toBe(
      'done\talice@example.com\tan administrator\n',
    )
    expect(JSON.parse((await run(cwd, 'user alice@example.com --json')).out)).toMatchObject({ admin: 'yes' })
    expect((await run(cwd, 'users --admins')).out).toMatch(/^alice@example.com\tyes\t.*\n$/)
    expect((await run(cwd, 'usermod alice@example.com --no-admin')).out).toMatch(/^done\t.*\tno administrator\n$/)
  })

  it('letter case makes no second address, and what is told is the name as stored', async () => {
    const cwd = await directoryWith(
      SITE,
      'useradd Alice@example.com --passwordless',
      'login-method add alice@example.com al@example.com',
    )
    const again = await run(cwd, 'login-method add al@example.com ALICE@example.com --json')
    expect(JSON.parse(again.out)).toMatchObject({ status: 'already', account: 'Alice@example.com' })
    const other = await run(
      cwd,
      'login-method add al@example.com ALICE@example.com --protocol email --internal --verified',
    )
    expect(other).toMatchObject({ code: 0, out: expect.stringMatching(/^already/) })
    expect((await run(cwd, 'login-method add al@example.com ALICE@example.com --protocol sip')).code).toBe(0)
    const methods = JSON.parse((await run(cwd, 'login-method list al@example.com --json')).out)
    expect(methods.map((each: { address: string }) => each.address)).toEqual([
      'Alice@example.com',
      'al@example.com',
      'Alice@example.com',
    ])
    for (const line of ['usermod AL@example.com --disable', 'passwd ALICE@example.com --generate'])
      expect(JSON.parse((await run(cwd, `${line} --json`)).out)).toMatchObject({ address: 'Alice@example.com' })
  })

  it('tells how to use the verb that was meant, and refuses two answers to one question', async () => {
    const cwd = await directoryWith(SITE)
    expect((await run(cwd, 'login-method add alice@example.com')).err).toContain('mantissa login-method add --help')
    const both = await run(cwd, 'useradd alice@example.com --generate --passwordless')
    expect(both).toMatchObject({ code: 2, err: expect.stringContaining('--passwordless') })
    expect((await run(cwd, 'users')).out).toBe('')
  })

  it('a misspelt address is not found, and its neighbours are named', async () => {
    const cwd = await directoryWith(SITE, 'useradd alice@example.com --passwordless')
    const missing = await run(cwd, 'usermod alcie@example.com --disable --json')
    expect(missing.code).toBe(3)
    expect(errorOf(missing)).toMatchObject({ code: 'NO_SUCH_USER', hint: 'did you mean alice@example.com?' })
  })

  it('userdel wants the name typed back, keeps an archive, and with --purge nothing', async () => {
    const cwd = await directoryWith(
      SITE,
      'useradd alice@example.com --passwordless',
      'useradd bob@example.com --passwordless',
    )
    expect(await run(cwd, 'userdel alice@example.com --yes')).toMatchObject({ code: 2 })
    expect(await run(cwd, 'userdel alice@example.com --confirm bob@example.com')).toMatchObject({ code: 2 })
    const archived = await run(cwd, 'userdel alice@example.com --confirm alice@example.com --archive a.tar.gz --json')
    expect(JSON.parse(archived.out)).toMatchObject({ status: 'removed', archive: join(cwd, 'a.tar.gz') })
    expect(JSON.parse(archived.out)).toMatchObject({ quarantine: null })
    const purged = await run(cwd, 'userdel bob@example.com --confirm bob@example.com --purge --json')
    expect(JSON.parse(purged.out)).toMatchObject({ status: 'removed', archive: null })
    expect((await run(cwd, 'users')).out).toBe('')
    expect(readdirSync(join(cwd, 'site.axiom/temp'))).toEqual([])
    expect((await run(cwd, 'transfer list --open')).out).toBe('')
    expect(await run(cwd, 'import-user a.tar.gz')).toMatchObject({ code: 0 })
    expect((await run(cwd, 'users --plain')).out).toContain('alice@example.com\tenabled')
    expect(await run(cwd, 'userdel mantissa-base --purge --confirm mantissa-base')).toMatchObject({ code: 4 })
  })
})

describe('useradd --from, interrupted', () => {
  it('ends the accounts under way, says how to go on, and leaves nothing half done', async () => {
    const cwd = await directoryWith(SITE)
    const list = ['address', ...Array.from({ length: 4000 }, (_, index) => `u${index}@example.com`)].join('\n')
    writeFileSync(join(cwd, 'list.csv'), list)
    const stopped = await mantissa('useradd --from list.csv', {
      cwd,
      variables,
      started: child => child.stdout?.once('data', () => child.kill('SIGINT')),
    })
    expect(stopped.code).toBe(130)
    expect(stopped.err).toContain('give the same list again')
    const created = stopped.out.trimEnd().split('\n').length
    expect(created).toBeLessThan(4000)
    expect(created % 100).toBe(0)
    expect(JSON.parse((await run(cwd, 'info --json')).out)).toMatchObject({ people: created, pending: [] })
  })
})

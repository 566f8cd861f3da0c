import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listAudit } from '../../../src/site/audit.js'
import { Site } from '../../../src/site/site.js'
import { mantissa } from '../../support/mantissa.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { ASite } from './a-site.js'

const FIRST = 'store.findFirst(LoginMethod)'

describe('browse', { timeout: 60_000 }, () => {
  it('prints what an expression comes to, as people read it or as JSON', async () => {
    const site = new ASite()
    const at = ['-d', site.directory]
    expect(await site.output('browse', '--eval', `${FIRST}.protocol`, ...at)).toBe("'email'\n")
    expect(await site.output('browse', '--eval', FIRST, ...at)).toMatch(
      /^LoginMethod\(account=reference\(\d+\), .*storeID=\d+\)\n$/,
    )
    expect(await site.output('browse', '--eval', 'undefined', ...at)).toBe('')
    expect(await site.output('browse', '--eval', '[store, site]', ...at)).toContain(
      `Store(${site.directory}, read-only)`,
    )
    expect(
      await site.json(
        'browse',
        '--eval',
        '{ first: store.findFirst(LoginMethod), big: 2n ** 60n, at: Timestamp.fromMicroseconds(0n), price: Decimal.of("1.50"), none: undefined, bytes: Buffer.from([255]), set: new Set([1]) }',
        ...at,
      ),
    ).toEqual({
      first: expect.objectContaining({
        type: 'login_method',
        storeID: expect.any(Number),
        account: expect.any(Number),
        internal: expect.any(Boolean),
      }),
      ...{
        big: '1152921504606846976',
        at: '1970-01-01T00:00:00.000000Z',
        price: '1.5',
        none: null,
        bytes: 'ff',
        set: [1],
      },
    })
    expect(await site.json('browse', '--eval', 'store.query(LoginMethod).ids().length > 100', ...at)).toBe(false)
    expect(await site.failure('browse', '--eval', 'const a = []; a.push(a); a', ...at)).toMatchObject({ exit: 2 })
  })

  it('shows items without secrets, and an attribute that is asked for', async () => {
    const site = new ASite()
    const account = '[...store.query(LoginAccount)].find(each => each.passwordHash !== null)'
    const run = (code: string, ...more: readonly string[]) =>
      site.output('browse', '--eval', code, '-d', site.directory, ...more)
    for (const shown of [await run(account), await run(`\`\${${account}}\``), await run(`[${account}]`)])
      expect(shown).toMatch(/LoginAccount\(.*password=null, passwordHash=\(secret\)/)
    expect(JSON.parse(await run(account, '--json'))).toMatchObject({ password: null, passwordHash: '(secret)' })
    expect(await run(`${account}.passwordHash`)).toMatch(/^'\$argon2id/)
  })

  it('names a query and a column in a word', async () => {
    const site = new ASite()
    const code = '[store.query(LoginAccount), LoginAccount.disabled]'
    expect(await site.output('browse', '--eval', code, '-d', site.directory)).toBe(
      '[ Query(login), Column(login.disabled) ]\n',
    )
  })

  it('lists completely and in characters that no terminal obeys', async () => {
    const site = new ASite()
    const many = await site.output('browse', '--eval', 'Array.from({ length: 500 }, (_, i) => i)', '-d', site.directory)
    expect(many).toContain('499')
    const renamed = await site.run(['browse', '--write', '-d', site.directory], {
      stdin: `${FIRST}.localpart = 'a\\u009b31m\\u202e'`,
    })
    expect([renamed.code, renamed.out]).toEqual([0, "'a\\x9B31m\\u{202e}'\n"])
    expect(await site.output('browse', '--eval', FIRST, '-d', site.directory)).toContain(
      'localpart="a\\x9b31m\\u{202e}"',
    )
  })

  it('evaluates a script from standard input, and waits for a promise', async () => {
    const site = new ASite()
    const script = `const methods = store.query(LoginMethod)\nPromise.resolve(methods.count())\n`
    expect(await site.run(['browse', '-d', site.directory], { stdin: script })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\n$/),
    })
  })

  it('awaits what an expression awaits', async () => {
    const site = new ASite()
    const run = (code: string) => site.output('browse', '--eval', code, '-d', site.directory)
    expect(await run('await Promise.resolve(store.query(LoginMethod).count() > 0);')).toBe('true\n')
    expect(await run('async function five() { return await 5 }\nfive()')).toBe('5\n')
    expect(await run('{ a: await 3 }')).toBe('{ a: 3 }\n')
  })

  it('tells what was thrown, whatever it is', async () => {
    const site = new ASite()
    const thrown = (code: string) => site.failure('browse', '--eval', code, '-d', site.directory)
    expect(await thrown('throw { toString() { throw 1 } }')).toMatchObject({ code: 'CODE_FAILED', exit: 2 })
    expect(await thrown('throw null')).toMatchObject({ message: 'the code failed: null' })
  })

  it('has no options of verbs that write without --write', async () => {
    const site = new ASite()
    for (const verb of [
      ['browse', '--eval', '1'],
      ['sql', 'SELECT 1'],
    ])
      expect(await site.failure(...verb, '--journal-mode', 'wal', '-d', site.directory)).toMatchObject({
        ...{ code: 'USAGE', exit: 2 },
        hint: 'leave --journal-mode out, or add --write',
      })
  })

  it('works on the store of a user, with types known by their names on disk', async () => {
    const site = new ASite()
    const count = '({ methods: store.query(types.login_method).count(), parent: store.parent === site.store })'
    expect(await site.json('browse', '--user', 'carol@example.net', '--eval', count, '-d', site.directory)).toEqual({
      methods: 2,
      parent: true,
    })
    expect(
      await site.output('browse', '--store', site.carol, '--eval', 'store.idInParent === null', '-d', site.directory),
    ).toBe('false\n')
  })

  it('without a terminal, an expression or a script says what to give', async () => {
    const site = new ASite()
    expect(await site.failure('browse', '-d', site.directory)).toMatchObject({
      code: 'INPUT_NEEDED',
      hint: expect.stringContaining('--eval'),
      exit: 2,
    })
    expect(await site.failure('browse', '--dry-run', '--eval', '1', '-d', site.directory)).toMatchObject({
      code: 'USAGE',
    })
  })

  it('tells an error of the code in one line, and one of the toolkit as everywhere', async () => {
    const site = new ASite()
    const at = ['-d', site.directory]
    expect(await site.failure('browse', '--eval', 'nonesuch()', ...at)).toMatchObject({
      code: 'CODE_FAILED',
      message: 'the code failed: ReferenceError: nonesuch is not defined',
      exit: 2,
    })
    expect(await site.failure('browse', '--eval', 'Promise.reject(new TypeError("late"))', ...at)).toMatchObject({
      message: 'the code failed: TypeError: late',
    })
    expect(await site.failure('browse', '--eval', 'throw null', ...at)).toMatchObject({ code: 'CODE_FAILED' })
    expect(await site.failure('browse', '--eval', '(', ...at)).toMatchObject({
      message: expect.stringContaining('SyntaxError'),
    })
    expect(await site.failure('browse', '--eval', 'store.getItemById(99999)', ...at)).toMatchObject({
      code: 'ITEM_NOT_FOUND',
      exit: 3,
    })
  })

  it('changes nothing unless it is told to', async () => {
    const site = new ASite()
    const before = site.hashes()
    for (const attempt of [
      `${FIRST}.protocol = 'x'`,
      `${FIRST}.deleteFromStore()`,
      'begin()',
      'store.create(LoginAccount, {})',
    ])
      expect(await site.failure('browse', '--eval', attempt, '-d', site.directory)).toMatchObject({
        code: 'STORE_READ_ONLY',
        hint: expect.stringContaining('--write'),
        exit: 5,
      })
    expect(site.hashes()).toEqual(before)
  })

  it('with --write keeps what the code did as a whole, or nothing of it', async () => {
    const site = new ASite()
    const at = ['-d', site.directory]
    const protocol = () => site.output('browse', '--eval', `${FIRST}.protocol`, ...at)
    await site.output('browse', '--write', '--eval', `void (${FIRST}.protocol = 'kept')`, ...at)
    expect(await protocol()).toBe("'kept'\n")
    for (const failing of [`${FIRST}.protocol = 'lost'; nonesuch()`, `${FIRST}.protocol = 'lost'; Promise.reject(1)`])
      expect(await site.failure('browse', '--write', '--eval', failing, ...at)).toMatchObject({ code: 'CODE_FAILED' })
    expect(await protocol()).toBe("'kept'\n")
    await site.output('browse', '--write', '--eval', `void (begin(), ${FIRST}.protocol = 'left open')`, ...at)
    expect(await protocol()).toBe("'kept'\n")
    const reverted = `const m = ${FIRST}; begin(); m.protocol = 'x'; store.create(LoginAccount, {}); revert(); [m.protocol, store.findFirst(LoginMethod) === m]`
    expect(await site.json('browse', '--write', '--eval', reverted, ...at)).toEqual(['kept', true])
    await site.output(
      'browse',
      '--write',
      '--eval',
      `begin(); ${FIRST}.protocol = 'committed'; commit(); void 0`,
      ...at,
    )
    expect(await protocol()).toBe("'committed'\n")
    using open = Site.open(site.directory, { readonly: true })
    expect(listAudit(open).map(({ verb, result }) => `${verb} ${result}`)).toEqual([
      'browse done',
      'browse done',
      'browse done',
      'browse CODE_FAILED',
      'browse CODE_FAILED',
      'browse done',
    ])
  })

  it('does not write a sealed store', async () => {
    const site = new ASite()
    site.sealCarol()
    const at = ['--user', 'carol@example.net', '-d', site.directory]
    expect(await site.failure('browse', '--write', '--eval', '1', ...at)).toMatchObject({
      code: 'STORE_SEALED',
      exit: 7,
    })
    expect(await site.output('browse', '--eval', 'store.query(LoginMethod).count()', ...at)).toBe('2\n')
  })

  it('ends with 130 at Ctrl-C, whatever the code does', async () => {
    const site = new ASite()
    // Code is given nothing to tell with that it runs.
    const fs = `store.constructor.constructor('return process')().getBuiltinModule('fs')`
    const code = `${fs}.writeSync(2, 'running'); while (true);`
    const done = await site.run(['browse', '--eval', code, '-d', site.directory], {
      started: child => child.stderr?.once('data', () => child.kill('SIGINT')),
    })
    expect([done.code, done.err]).toEqual([130, expect.stringContaining('interrupted')])
  })
})

/** Somebody else's offering, as a compiler would leave it. */
const MANIFEST = {
  name: 'polls',
  version: '1.0.0',
  description: 'Ask',
  type: 'module',
  mantissa: { offerings: './polls.js' },
}
const OFFERING = `
import { defineOffering, item, registerItemTypes, text } from 'mantissa'
class Poll extends item({ typeName: 'polls_poll', version: 1, module: 'axiom.item', attributes: { question: text() } }) {}
class Vote extends item({ typeName: 'polls_vote', version: 1, module: 'axiom.item', attributes: { name: text() } }) {}
registerItemTypes(Poll, Vote)
export const offerings = [defineOffering({ name: 'polls', description: 'Ask', version: '1.0.0', appPowerups: [Poll], installablePowerups: [] })]
`

it('browse loads the code of installed offerings, from trusted sources only', { timeout: 60_000 }, async () => {
  const cwd = temporaryDirectory()
  const source = join(cwd, 'polls')
  mkdirSync(source, { mode: 0o755 })
  writeFileSync(join(source, 'package.json'), JSON.stringify(MANIFEST), { mode: 0o644 })
  writeFileSync(join(source, 'polls.js'), OFFERING, { mode: 0o644 })
  const run = (...words: readonly string[]) => mantissa(words, { cwd, variables: { MANTISSA_SITE: 'a.axiom' } })
  for (const line of [
    'create-site a.axiom',
    'offering add-source polls',
    'offering install polls',
    'offering install notes',
  ])
    expect((await run(...line.split(' '))).code, line).toBe(0)
  const known = [
    'browse',
    '--app',
    'polls',
    '--json',
    '--eval',
    '[store.query(Poll).count(), Vote.itemType.typeName, "polls_vote" in types, Notebook === types.notes_notebook]',
  ]
  expect(await run(...known)).toMatchObject({ code: 0, err: '', out: '[\n  1,\n  "polls_vote",\n  true,\n  true\n]\n' })
  const shown = await run('items', '--app', 'polls', '--jsonl')
  expect(shown.out).toContain('{"type":"polls_poll","version":1,"rows":1,"known":false')
  chmodSync(join(source, 'polls.js'), 0o666)
  const untrusted = await run(
    'browse',
    '--app',
    'polls',
    '--json',
    '--eval',
    'Object.keys(types).includes("polls_poll")',
  )
  expect(untrusted).toMatchObject({
    code: 0,
    out: 'false\n',
    err: expect.stringContaining('the item types of polls are not known: '),
  })
})

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { distinctNames } from '../../../src/cli/commands/looking/distinct-names.js'
import { parseSqlParameters } from '../../../src/cli/commands/looking/sql-parameters.js'
import { listAudit } from '../../../src/site/audit.js'
import { Site } from '../../../src/site/site.js'
import { openElsewhere } from '../../store-engine/other-process.js'
import { converse, hasScript } from '../../support/terminal.js'
import { ASite } from './a-site.js'

const CAROL = ['--user', 'carol@example.net']
const PEOPLE = 'SELECT count(*) AS people FROM item_mantissa_person_v3'

function auditOf(site: ASite) {
  using open = Site.open(site.directory, { readonly: true })
  return listAudit(open).map(({ verb, args, result }) => ({ verb, args, result }))
}

describe('sql', { timeout: 60_000 }, () => {
  it('prints the columns of the result, each under a name of its own, in their order', async () => {
    const site = new ASite()
    const odd = `SELECT 'x' AS b, 2 AS "1", 9223372036854775807 AS b, x'00ff' AS bytes, NULL AS b_2, 1.5, 9e999 AS "" `
    expect(await site.json('sql', odd, '-d', site.directory)).toEqual([
      { b: 'x', '1': 2, b_3: '9223372036854775807', bytes: '00ff', b_2: null, '1.5': 1.5, '': 'Infinity' },
    ])
    expect(await site.output('sql', odd, '-d', site.directory)).toBe(
      'x\t2\t9223372036854775807\t00ff\t\t1.5\tInfinity\n',
    )
  })

  it('runs none of several statements where one is wrong, or where JSON has no room for them', async () => {
    const site = new ASite()
    const at = ['-d', site.directory]
    expect(await site.failure('sql', 'SELECT 1; SELECT 2', ...at)).toMatchObject({ code: 'USAGE', exit: 2 })
    expect(await site.output('sql', 'SELECT 1; SELECT 2', '--jsonl', ...at)).toBe('{"1":1}\n{"2":2}\n')
    expect(await site.run(['sql', 'SELECT 1; SELECT nonesuch', ...at])).toMatchObject({
      ...{ code: 2, out: '' },
      err: expect.stringContaining('no such column: nonesuch'),
    })
  })

  it('has words for a value that is too long to print, and for a script that is none', async () => {
    const site = new ASite()
    const at = ['-d', site.directory]
    const { code, err } = await site.run(['sql', 'SELECT zeroblob(300000000)', ...at])
    expect([code, err]).toEqual([2, expect.stringMatching(/^error: a value is too long to be printed\ntry: .*substr/)])
    expect(await site.failure('sql', '--file', '..', ...at)).toMatchObject({
      ...{ code: 'USAGE', exit: 2 },
      message: '.. is a directory',
    })
  })

  it('reads statements from its operand, a file or standard input', async () => {
    const site = new ASite()
    writeFileSync(join(site.cwd, 'a.sql'), `-- two\n${PEOPLE};\nSELECT 'end';\n`)
    const common = [...CAROL, '-d', site.directory]
    expect(await site.output('sql', '--file', 'a.sql', ...common)).toBe('201\nend\n')
    for (const dash of [['-'], ['--file', '-']])
      expect(await site.run(['sql', ...dash, ...common], { stdin: PEOPLE })).toMatchObject({ code: 0, out: '201\n' })
    expect(await site.failure('sql', ...common)).toMatchObject({
      code: 'USAGE',
      hint: expect.stringContaining('--file'),
    })
    expect(await site.failure('sql', ' -- nothing', ...common)).toMatchObject({ code: 'USAGE' })
    expect(await site.failure('sql', PEOPLE, '--file', 'a.sql', ...common)).toMatchObject({ code: 'USAGE' })
    expect(await site.failure('sql', '--file', 'nonesuch.sql', ...common)).toMatchObject({ exit: 3 })
  })

  it('prints one document with --json, and any number of rows with --jsonl', async () => {
    const site = new ASite()
    const two = ['sql', 'SELECT 1 AS a; SELECT 2 AS b', '-d', site.directory]
    expect(await site.output(...two, '--jsonl')).toBe('{"a":1}\n{"b":2}\n')
    const { code, err } = await site.run([...two, '--json'])
    expect([code, JSON.parse(err).error.hint]).toEqual([2, expect.stringContaining('--jsonl')])
    expect(await site.json('sql', 'SELECT 1 AS a WHERE 0', '-d', site.directory)).toEqual([])
  })

  it('takes parameters, and refuses those that nothing asks for', async () => {
    const site = new ASite()
    const query = ['sql', 'SELECT :a AS a, typeof(:a) AS kind', '-d', site.directory]
    for (const [typed, value, kind] of [
      ['a=17', 17, 'integer'],
      ["a='17'", '17', 'text'],
      ['a=null', null, 'null'],
      ["a=x'00ff'", '00ff', 'blob'],
      ['a=1.5', 1.5, 'real'],
      ["a=it's; --", "it's; --", 'text'],
      ['a=', '', 'text'],
    ] as const)
      expect(await site.json(...query, '--param', typed)).toEqual([{ a: value, kind }])
    expect(await site.failure(...query)).toMatchObject({
      code: 'SQL_MISTAKE',
      message: 'the parameter :a has no value',
    })
    expect(await site.failure(...query, '--param', 'a=1', '--param', 'b=1')).toMatchObject({ code: 'USAGE' })
  })

  it('tells of mistakes in one line with exit code 2, and writes nothing beside the store', async () => {
    const site = new ASite()
    const { code, err } = await site.run(['sql', 'SELEKT 1', '-d', site.directory])
    expect([code, err.split('\n')[0]]).toEqual([2, 'error: near "SELEKT": syntax error'])
    for (const statement of ["VACUUM INTO 'stolen.db'", "ATTACH 'other.db' AS o", 'DELETE FROM axiom_types'])
      expect(await site.failure('sql', statement, '-d', site.directory)).toMatchObject({ code: 'SQL_REFUSED', exit: 2 })
    expect(['stolen.db', 'other.db'].filter(name => existsSync(join(site.cwd, name)))).toEqual([])
    expect(await site.failure('sql', 'SELECT 1', '--dry-run', '-d', site.directory)).toMatchObject({ code: 'USAGE' })
  })

  it('works on a store without any site', async () => {
    const site = new ASite()
    expect(await site.output('sql', PEOPLE, '--store', site.carol)).toBe('201\n')
  })
})

describe('sql --write', { timeout: 60_000 }, () => {
  const RENAME = `UPDATE item_mantissa_person_v3 SET name = :name WHERE oid = 37`
  const write = (site: ASite, ...more: readonly string[]) => ['sql', '--write', ...CAROL, '-d', site.directory, ...more]

  it('changes all or nothing, says how many rows, and is in the audit log without the parameters', async () => {
    const site = new ASite()
    const done = await site.json(
      ...write(
        site,
        `${RENAME}; DELETE FROM item_mantissa_person_v3 WHERE oid > 400 RETURNING oid`,
        '--param',
        'name=secret',
        '--yes',
      ),
    )
    expect(done).toMatchObject({ status: 'done', changes: expect.any(Number), rows: expect.any(Array) })
    const { changes, rows } = done as { changes: number; rows: readonly unknown[] }
    expect(changes).toBe(rows.length + 1)
    expect(rows[0]).toEqual({ oid: expect.any(Number) })
    const broken = await site.failure(
      ...write(site, `${RENAME}; INSERT INTO axiom_types (oid) VALUES (1)`, '--param', 'name=other', '--yes'),
    )
    expect(broken).toMatchObject({ code: 'SQL_CONSTRAINT', exit: 4 })
    expect(
      await site.output('sql', 'SELECT name FROM item_mantissa_person_v3 WHERE oid = 37', '--store', site.carol),
    ).toBe('secret\n')
    expect(auditOf(site)).toEqual([
      {
        verb: 'sql',
        args: { user: 'carol@example.net', statement: expect.stringContaining(':name') },
        result: 'SQL_CONSTRAINT',
      },
      { verb: 'sql', args: { user: 'carol@example.net', statement: expect.stringContaining(':name') }, result: 'done' },
    ])
    expect(JSON.stringify(auditOf(site))).not.toContain('secret')
  })

  it('in a dry run changes nothing and says how many rows it would have', async () => {
    const site = new ASite()
    const before = site.hashes()
    for (const more of [CAROL, []]) {
      const statement =
        'UPDATE axiom_types SET module = 1; CREATE TABLE t AS SELECT 1; DELETE FROM axiom_objects RETURNING oid'
      const planned = await site.json<{ rows: unknown[]; changes: number }>(
        'sql',
        '--write',
        statement,
        '--dry-run',
        '-d',
        site.directory,
        ...more,
      )
      expect(planned).toMatchObject({ status: 'planned' })
      expect(planned.changes).toBeGreaterThan(planned.rows.length)
    }
    expect(site.hashes()).toEqual(before)
  })

  it('asks before, and without a terminal names what answers', async () => {
    const site = new ASite()
    const before = site.hashes()[`files/account/example.net/carol.axiom/db.sqlite`]
    expect(await site.failure(...write(site, RENAME, '--param', 'name=x'))).toMatchObject({
      code: 'INPUT_NEEDED',
      hint: 'give --yes',
    })
    expect(site.hashes()[`files/account/example.net/carol.axiom/db.sqlite`]).toBe(before)
  })

  it.runIf(hasScript)('on a terminal shows the statement and asks', async () => {
    const site = new ASite()
    const line = `sql --write --store ${site.carol} "DELETE FROM item_mantissa_person_v3"`
    const declined = await converse(line, { cwd: site.cwd, turns: [['y/N', 'n\r']] })
    expect(declined.screen).toMatch(/^DELETE FROM item_mantissa_person_v3\r\n/)
    expect(declined.screen).toMatch(/run this in .*axiom/)
    expect([declined.code, await site.output('sql', PEOPLE, '--store', site.carol)]).toEqual([2, '201\n'])
    const confirmed = await converse(line, { cwd: site.cwd, turns: [['y/N', 'y\r']] })
    expect(confirmed.screen).toContain('changed 201 rows')
    expect([confirmed.code, await site.output('sql', PEOPLE, '--store', site.carol)]).toEqual([0, '0\n'])
  })

  it.each(['COMMIT', 'ROLLBACK', 'BEGIN', 'VACUUM', "ATTACH 'x' AS y", 'PRAGMA journal_mode = WAL', 'SAVEPOINT a'])(
    'refuses %s, and what came before it has not happened',
    async statement => {
      const site = new ASite()
      const before = site.hashes()
      const script = `DELETE FROM item_mantissa_person_v3; ${statement}; SELECT 1`
      expect(await site.failure(...write(site, script, '--yes'))).toMatchObject({ code: 'SQL_REFUSED', exit: 2 })
      expect(site.hashes()).toEqual(before)
    },
  )

  it('says that a store is sealed, or busy', async () => {
    const site = new ASite()
    site.sealCarol()
    const words = write(site, RENAME, '--param', 'name=x', '--yes')
    expect(await site.failure(...words)).toMatchObject({
      code: 'STORE_SEALED',
      exit: 7,
      message: expect.stringContaining('sealed'),
    })
    expect(await site.failure(...words, '--dry-run')).toMatchObject({ code: 'STORE_SEALED', exit: 7 })
    expect(await site.output('sql', PEOPLE, '--store', site.carol)).toBe('201\n')
    const alice = join(site.directory, 'files/account/example.org/alice.axiom')
    const other = await openElsewhere(alice)
    expect(await other.ask('BEGIN IMMEDIATE')).toBe('ok')
    const busy = ['sql', '--write', '--yes', 'DELETE FROM axiom_objects', '--store', alice]
    expect(await site.failure(...busy)).toMatchObject({ code: 'STORE_BUSY', exit: 7 })
    await other.finish()
  })
})

describe('names and parameters', () => {
  it('names are distinct, and keep what was there', () => {
    expect(distinctNames(['a', 'b', 'a', 'a', 'a_2', '__proto__', '__proto__'])).toEqual([
      'a',
      'b',
      'a_3',
      'a_4',
      'a_2',
      '__proto__',
      '__proto___2',
    ])
  })

  it('parameters have a name and a value', () => {
    expect({
      ...parseSqlParameters([':a=99999999999999999999', '@b=-1', "$c=''", 'd=1e3', "e='it''s'", "f='un''"]),
    }).toEqual({
      ...{ a: 1e20, b: -1n, c: '', d: 1000, e: "it's", f: "'un''" },
    })
    for (const typed of [['a'], ['=1'], ['a b=1'], ['a=1', ':a=2']])
      expect(() => parseSqlParameters(typed)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})

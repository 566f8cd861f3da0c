import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openElsewhere } from '../../store-engine/other-process.js'
import { converse, hasScript } from '../../support/terminal.js'
import { ASite } from './a-site.js'

type Turn = readonly [seen: string, typed: string]

const WRITE = 'mantissa (write)> '
const OPEN = 'mantissa (transaction)> '
const FIRST = 'store.findFirst(LoginMethod)'
/**
 * Ctrl-D means nothing while a line runs, when the terminal is not Node's. What a line gives is shown beforehand while it
 * is typed; only what is followed by the end of a line has run.
 */
const LEAVE = '\u0004'

/** What the terminal shows, without the movements of its cursor. */
async function talk(
  site: ASite,
  words: string,
  turns: readonly Turn[],
): Promise<{ code: number | null; lines: string[] }> {
  const { code, screen } = await converse(`browse -d ${site.directory} ${words}`, {
    cwd: site.cwd,
    turns,
    columns: 200,
  })
  return { code, lines: stripVTControlCharacters(screen).split(/\r*\n/) }
}

describe.runIf(hasScript)('browse on a terminal', { timeout: 60_000 }, () => {
  const protocol = (site: ASite) => site.output('browse', '--eval', `${FIRST}.protocol`, '-d', site.directory)

  it('reads only, unless it is told to write, and an error does not end it', async () => {
    const site = new ASite()
    const before = site.hashes()
    const { code, lines } = await talk(site, '', [
      ['> ', `const m = ${FIRST}\r`],
      ['> ', 'm.protocol\r'],
      ["'email'", 'm.protocol = "x"\r'],
      ['--write', 'nonesuch()\r'],
      ['is not defined', 'setTimeout(() => { throw new Error("stray") }, 1), 1\r'],
      ['stray', 'm.protocol + "!"\r'],
      ["'email!'\r\n", LEAVE],
    ])
    expect(lines[0]).toMatch(/divmod-site\.axiom: read-only; .*--write/)
    expect(lines).toContain('error: the store is open for reading only')
    expect(lines).toContain('error: the code failed: ReferenceError: nonesuch is not defined')
    expect(lines).toContain("'email!'")
    expect([code, site.hashes()]).toEqual([0, before])
  })

  it('with --write every line is a transaction: one that throws has changed nothing', async () => {
    const site = new ASite()
    const { code, lines } = await talk(site, '--write', [
      [WRITE, `const m = ${FIRST}\r`],
      [WRITE, 'm.protocol = "lost"; m.nonesuch.x\r'],
      ['TypeError', '["after the error", m.protocol]\r'],
      ["'email'", 'm.protocol = "kept"; "done"\r'],
      ["'done'\r\n", LEAVE],
    ])
    expect(lines).toContain("[ 'after the error', 'email' ]")
    expect([code, await protocol(site)]).toEqual([0, "'kept'\n"])
  })

  it('begin, commit and revert really do, on the disk and in what one holds', async () => {
    const site = new ASite()
    const { code, lines } = await talk(site, '--write', [
      [WRITE, `const m = ${FIRST}\r`],
      [WRITE, 'commit()\r'],
      ['begin() opens one', 'begin()\r'],
      [OPEN, 'm.protocol = "one"\r'],
      ["'one'", 'm.protocol = "two"; nonesuch()\r'],
      ['ReferenceError', '["a line undone", m.protocol]\r'],
      ["'one' ]", 'const made = store.create(LoginAccount, {}); begin()\r'],
      ['is open already', 'revert()\r'],
      [WRITE, '["reverted", m.protocol, m === store.findFirst(LoginMethod)]\r'],
      ['true ]', 'begin(); m.protocol = "three"\r'],
      ["'three'", 'commit()\r'],
      [WRITE, LEAVE],
    ])
    expect(lines).toContain("[ 'a line undone', 'one' ]")
    expect(lines).toContain("[ 'reverted', 'email', true ]")
    expect([code, await protocol(site)]).toEqual([0, "'three'\n"])
  })

  it('leaving inside a transaction reverts it, and says so', async () => {
    const site = new ASite()
    const { code, lines } = await talk(site, '--write', [
      [WRITE, `begin(); ${FIRST}.protocol = "left"\r`],
      ["'left'\r\n", LEAVE],
    ])
    expect(lines).toContain('reverted the transaction that was open')
    expect([code, await protocol(site)]).toEqual([0, "'email'\n"])
  })

  it('leaving while a line waits for a promise undoes the line; one that came before is kept', async () => {
    const site = new ASite()
    const waiting = await talk(site, '--write', [
      [WRITE, `${FIRST}.protocol = "lost"; new Promise(() => {})\r`],
      ['=> {})', '.exit\r'],
      ['.exit', LEAVE],
    ])
    expect(waiting.lines).toContain('the line that was waiting has changed nothing')
    expect([waiting.code, await protocol(site)]).toEqual([0, "'email'\n"])
    for (const [words, value] of [
      ['--write', 'kept'],
      ['--write --no-history', 'kept too'],
    ]) {
      const hasty = await talk(site, `${words}`, [[WRITE, `${FIRST}.protocol = "${value}"\r${LEAVE}`]])
      expect([hasty.code, await protocol(site)]).toEqual([0, `'${value}'\n`])
    }
  })

  it('a transaction that nobody goes on with is reverted, so that others can write', async () => {
    const site = new ASite()
    const other = await openElsewhere(site.directory)
    const update = 'UPDATE axiom_types SET version = version'
    const { code, lines } = await talk(site, '--write --revert-after 700ms', [
      [WRITE, `begin(); ${FIRST}.protocol = "left"\r`],
      ['reverted the transaction', `["now", ${FIRST}.protocol, store.inTransaction]\r`],
      ['true ]\r\n', LEAVE],
    ])
    expect(lines).toContain('nothing was typed for 0.7 s: reverted the transaction')
    expect(lines).toContain("[ 'now', 'email', true ]")
    expect(await other.ask(update)).toBe('ok')
    expect([code, await protocol(site)]).toEqual([0, "'email'\n"])
    await other.finish()
  })

  it('gives a line up that waits for what does not come: at Ctrl-C, and in time for others to write', async () => {
    const site = new ASite()
    const never = `${FIRST}.protocol = "lost"; (async () => { await 0; console.log("waiting"); await new Promise(() => {}) })()\r`
    const stopped = await talk(site, '--write', [
      [WRITE, never],
      ['waiting\r\n', '\u0003\u0003'],
      ['interrupted', `["now", ${FIRST}.protocol]\r`],
      ["'email' ]\r\n", LEAVE],
    ])
    expect(stopped.lines).toContain("[ 'now', 'email' ]")
    expect(stopped.lines).not.toContainEqual(expect.stringContaining('To exit'))
    const idle = await talk(site, '--write --revert-after 700ms', [
      [WRITE, never],
      ['the line has changed nothing', LEAVE],
    ])
    expect([idle.code, await protocol(site)]).toEqual([0, "'email'\n"])
  })

  it('takes input of several lines, objects, and stops an endless line at Ctrl-C', async () => {
    const site = new ASite()
    const { code, lines } = await talk(site, '', [
      ['> ', '({ a:\r'],
      ['... ', '1 })\r'],
      ['{ a: 1 }\r\n', '{ b: 1 + 1 }\r'],
      ['{ b: 2 }\r\n', 'console.log("endless"); while (true);\r'],
      ['endless\r\n', '\u0003'],
      ['interrupted', '"still here"\r'],
      ["'still here'\r\n", LEAVE],
    ])
    expect(lines).toEqual(expect.arrayContaining(['{ a: 1 }', '{ b: 2 }', "'still here'"]))
    expect(code).toBe(0)
  })

  it('goes on after Ctrl-C in the middle of output', async () => {
    const site = new ASite()
    for (let time = 0; time < 5; time += 1) {
      const { code } = await talk(site, '', [
        ['> ', 'for (;;) console.log("endless")\r'],
        ['endless\r\n', '\u0003'],
        ['interrupted', '"still here"\r'],
        ["'still here'\r\n", LEAVE],
      ])
      expect(code).toBe(0)
    }
  })

  it('the next line can be typed, and is gone on with, while a line waits', async () => {
    const site = new ASite()
    const { code, lines } = await talk(site, '', [
      ['> ', 'new Promise(done => setTimeout(done, 300, "late"))\r"typed '],
      ["'late'\r\n", '!'],
      ['!', '"\r'],
      ["'typed !'\r\n", LEAVE],
    ])
    expect(lines).toContain("'typed !'")
    expect(code).toBe(0)
  })

  it('keeps typed lines for their typist alone, where and if they want it', async () => {
    const site = new ASite()
    const say = (text: string): Turn[] => [
      ['> ', `"${text}"\r`],
      [`'${text}'\r\n`, LEAVE],
    ]
    const usual = join(site.cwd, '.mantissa-browser-history')
    await talk(site, '--no-history', say('not kept'))
    expect(existsSync(usual)).toBe(false)
    await talk(site, '', say('kept'))
    expect([readFileSync(usual, 'utf8'), (statSync(usual).mode & 0o777).toString(8)]).toEqual(['"kept"', '600'])
    await talk(site, '--history-file other', say('elsewhere'))
    expect(readFileSync(join(site.cwd, 'other'), 'utf8')).toBe('"elsewhere"')
  })

  it('--no-input asks nobody', async () => {
    const site = new ASite()
    const { code, lines } = await talk(site, '--no-input', [])
    expect([code, lines[0]]).toEqual([2, 'error: --no-input forbids to ask: what to do?'])
  })
})

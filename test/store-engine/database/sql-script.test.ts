import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseSqlScript } from '../../../src/store-engine/database/sql-script.js'

const texts = (script: string) => parseSqlScript(script).map(({ text }) => text)

describe('a script of SQL is parted', () => {
  it.each<[string, readonly string[]]>([
    ['SELECT 1', ['SELECT 1']],
    ['SELECT 1; SELECT 2;', ['SELECT 1', 'SELECT 2']],
    [' ;; \n-- only a comment ;\n/* ; */;', []],
    ["SELECT ';', 'it''s; fine'; SELECT 2", ["SELECT ';', 'it''s; fine'", 'SELECT 2']],
    ['SELECT ";""", [;], `;` FROM a; SELECT 2', ['SELECT ";""", [;], `;` FROM a', 'SELECT 2']],
    ['SELECT 1 -- ; none\n, 2; SELECT 3', ['SELECT 1 -- ; none\n, 2', 'SELECT 3']],
    ['SELECT /* ; */ 1; SELECT 2 /* left open ;', ['SELECT /* ; */ 1', 'SELECT 2 /* left open ;']],
    ["SELECT 'left open; DELETE FROM a", ["SELECT 'left open; DELETE FROM a"]],
    [
      'CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = 1; DELETE FROM c; END; SELECT 1',
      ['CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = 1; DELETE FROM c; END', 'SELECT 1'],
    ],
    [
      'explain create /* x */ temp trigger t after insert on a begin select case when 1 then 2 end; end',
      ['explain create /* x */ temp trigger t after insert on a begin select case when 1 then 2 end; end'],
    ],
  ])('%j', (script, expected) => expect(texts(script)).toEqual(expected))

  it('with the words that each statement begins with, and its parameters', () => {
    const [statement] = parseSqlScript('/* a */ explain\nselect :one, @two, $three, \':none\', ":none" -- :none')
    expect(statement?.beginning.slice(0, 2)).toEqual(['EXPLAIN', 'SELECT'])
    expect([...(statement?.parameters ?? [])]).toEqual(['one', 'two', 'three'])
    expect(statement?.hasNamelessParameter).toBe(false)
    expect(parseSqlScript("SELECT '?', a FROM b WHERE c = ?2")[0]?.hasNamelessParameter).toBe(true)
  })

  it('without losing or gaining anything but semicolons and space, whatever is in it', () => {
    const piece = fc.constantFrom(
      ...["'", '"', '`', '[', ']', ';', '--', '/*', '*/', '\n', ' ', 'a', 'END', 'CREATE TRIGGER'],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const script = pieces.join('')
        let rest = script
        for (const { text } of parseSqlScript(script)) {
          const at = rest.indexOf(text)
          expect(at).toBeGreaterThanOrEqual(0)
          rest = rest.slice(at + text.length)
        }
      }),
    )
  })

  it('in time that grows with its length only', () => {
    const long = `SELECT '${"x''".repeat(100_000)}`
    const began = performance.now()
    expect(texts(`${long}; SELECT 2`)).toHaveLength(1)
    expect(texts(`SELECT 1;${' '.repeat(300_000)}x${'/*'.repeat(100_000)}`)).toHaveLength(2)
    expect(performance.now() - began).toBeLessThan(5000)
  })
})

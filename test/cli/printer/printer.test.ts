import { describe, expect, it } from 'vitest'
import { OutputClosedError } from '../../../src/cli/cli-env.js'
import { printable, printableLines } from '../../../src/cli/printer/printable.js'
import type { View } from '../../../src/cli/view.js'
import { fakeContext } from '../../support/fake-context.js'

interface Fruit {
  readonly name: string
  readonly weight: bigint | null
  readonly colours: readonly string[]
  readonly ripe: boolean
}

const view: View<Fruit> = {
  name: { title: 'name', value: ({ name }) => name },
  weight: { title: 'weight', value: ({ weight }) => weight, align: 'right' },
  colours: { title: 'colours', value: ({ colours }) => colours },
  ripe: { title: 'ripe', value: ({ ripe }) => ripe, jsonOnly: true },
}

const apple: Fruit = { name: 'apple', weight: 12n, colours: ['red', 'green'], ripe: true }
const hostile: Fruit = { name: 'a\tb\nc\u001b[2J', weight: null, colours: [], ripe: false }
const empty = { empty: 'no fruit' }

function* many(count: number): Generator<Fruit> {
  for (let each = 0; each < count; each++) yield { ...apple, name: `apple-${each}` }
}

describe('in a pipe', () => {
  it('prints one line a row, fields parted by tabs, without a header', async () => {
    const { printer, env } = fakeContext()
    await printer.list(view, [apple], empty)
    expect(env.stdout.text).toBe('apple\t12\tred, green\n')
  })

  it('keeps one row on one line whatever its values hold', async () => {
    const { printer, env } = fakeContext()
    await printer.list(view, [hostile], empty)
    expect(env.stdout.text).toBe('a\\tb\\nc\\x1b[2J\t\t\n')
  })

  it('prints nothing for an empty list', async () => {
    const { printer, env } = fakeContext()
    await printer.list(view, [], empty)
    expect(env.stdout.text + env.stderr.text).toBe('')
  })

  it('streams: the first lines are out before the last row is made', async () => {
    const { printer, env } = fakeContext()
    let writesBeforeTheEnd = 0
    const rows = (function* () {
      yield* many(100_000)
      writesBeforeTheEnd = env.stdout.writes
    })()
    await printer.list(view, rows, empty)
    expect(writesBeforeTheEnd).toBeGreaterThan(50)
    expect(env.stdout.text.split('\n')).toHaveLength(100_001)
  })

  it('holds no row back that came right after another, however long the next one takes', async () => {
    const { printer, env } = fakeContext()
    const rows = (async function* () {
      yield* many(2)
      for (let waited = 0; env.stdout.text.split('\n').length < 3 && waited < 5000; waited += 20)
        await new Promise(resolve => setTimeout(resolve, 20))
      expect(env.stdout.text).toContain('apple-1')
    })()
    await printer.list(view, rows, empty)
  })

  it('stops making rows when the reader is gone', async () => {
    const { printer, env } = fakeContext()
    env.stdout.closesAfter = 1
    let made = 0
    const rows = (function* () {
      for (const row of many(100_000)) {
        made++
        yield row
      }
    })()
    await expect(printer.list(view, rows, empty)).rejects.toThrow(OutputClosedError)
    expect(made).toBeLessThan(10_000)
  })

  it('prints one thing as key and value', async () => {
    const { printer, env } = fakeContext()
    await printer.record(view, apple)
    expect(env.stdout.text).toBe('name\tapple\nweight\t12\ncolours\tred, green\n')
  })

  it('prints the outcome of a deed as a row, and with --quiet not at all', async () => {
    const loud = fakeContext()
    await loud.printer.outcome(view, apple, 'picked apple')
    expect(loud.env.stdout.text).toBe('apple\t12\tred, green\n')
    const quiet = fakeContext({ quiet: true })
    await quiet.printer.outcome(view, apple, 'picked apple')
    expect(quiet.env.stdout.text).toBe('')
  })
})

describe('--json', () => {
  it('prints an array for a list, with every key of the view', async () => {
    const { printer, env } = fakeContext({ json: true })
    await printer.list(view, [apple, hostile], empty)
    expect(JSON.parse(env.stdout.text)).toEqual([
      { name: 'apple', weight: '12', colours: ['red', 'green'], ripe: true },
      { name: 'a\tb\nc\u001b[2J', weight: null, colours: [], ripe: false },
    ])
  })

  it('escapes what a terminal would obey or could not show, without changing what it means', async () => {
    const name = 'a\u009b2J\u202e\u{e0061}\u2028 zoë 👩‍👩‍👧'
    for (const options of [{ json: true }, { jsonl: true }]) {
      const { printer, env } = fakeContext(options)
      await printer.record(view, { ...apple, name })
      expect(env.stdout.text).toContain('"a\\u009b2J\\u202e\\udb40\\udc61\\u2028 zoë 👩‍👩‍👧"')
      expect(JSON.parse(env.stdout.text)).toMatchObject({ name })
    }
  })

  it('prints an empty array for an empty list', async () => {
    const { printer, env } = fakeContext({ json: true })
    await printer.list(view, [], empty)
    expect(env.stdout.text).toBe('[]\n')
  })

  it('prints an object for one thing, also with --quiet', async () => {
    const { printer, env } = fakeContext({ json: true, quiet: true })
    await printer.outcome(view, apple, 'picked apple')
    expect(JSON.parse(env.stdout.text)).toMatchObject({ name: 'apple' })
  })

  it('keeps a generated secret out of the document', async () => {
    const { printer, env } = fakeContext({ json: true })
    await printer.secret('password', 'tell-nobody')
    expect(env.stdout.text).toBe('')
    expect(env.stderr.text).toBe('password: tell-nobody\n')
  })

  it('prints one object a line with --jsonl', async () => {
    const { printer, env } = fakeContext({ jsonl: true })
    await printer.list(view, many(3), empty)
    const lines = env.stdout.text.trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).name)).toEqual(['apple-0', 'apple-1', 'apple-2'])
  })
})

describe('on a terminal', () => {
  it('prints a table with headings, right-aligned numbers and no rules', async () => {
    const { printer, env } = fakeContext({ color: false }, { terminal: true })
    await printer.list(view, [apple, { ...apple, name: 'pineapple', weight: 1234n }], empty)
    expect(env.stdout.text).toBe(
      ['NAME       WEIGHT  COLOURS', 'apple          12  red, green', 'pineapple    1234  red, green', ''].join('\n'),
    )
  })

  it('says on standard error that there is nothing', async () => {
    const { printer, env } = fakeContext({}, { terminal: true })
    await printer.list(view, [], empty)
    expect(env.stdout.text).toBe('')
    expect(env.stderr.text).toBe('no fruit\n')
  })

  it('keeps the widths of the first page, and every row', async () => {
    const { printer, env } = fakeContext({ color: false }, { terminal: true })
    await printer.list(view, many(1000), empty)
    const lines = env.stdout.text.trimEnd().split('\n')
    expect(lines).toHaveLength(1001)
    expect(new Set(lines.slice(1).map(line => line.indexOf('12  red')))).toHaveLength(1)
  })

  it('cuts nothing off in 40 columns', async () => {
    const { printer, env } = fakeContext({ color: false }, { terminal: true })
    env.stdout.columns = 40
    const long = { ...apple, name: 'a-name-that-is-longer-than-forty-columns-on-its-own' }
    await printer.list(view, [long], empty)
    expect(Math.max(...env.stdout.text.split('\n').map(line => line.length))).toBeLessThanOrEqual(40)
    const [headings = '', ...lines] = env.stdout.text.split('\n')
    const end = headings.indexOf('WEIGHT')
    expect(lines.map(line => line.slice(0, end).trim()).join('')).toBe(long.name)
  })

  it('prints blocks where no table fits', async () => {
    const { printer, env } = fakeContext({ color: false }, { terminal: true })
    env.stdout.columns = 12
    await printer.list(view, [apple, apple], empty)
    const block = 'name: apple\nweight: 12\ncolours: red, green\n'
    expect(env.stdout.text).toBe(`${block}\n${block}`)
  })

  it('prints ASCII only where the locale is C, and what is unknown as "-"', async () => {
    const { printer, env } = fakeContext(
      { color: false },
      { terminal: true, variables: { LC_ALL: 'C', LANG: 'de_DE.UTF-8' } },
    )
    await printer.record(view, { ...apple, name: 'äpfel', weight: null })
    expect(env.stdout.text).toBe('name:    \\xe4pfel\nweight:  -\ncolours: red, green\n')
  })

  it('prints what has several lines below each other, and a dash where there is none', async () => {
    const { printer, env } = fakeContext({ color: false }, { terminal: true })
    const listed: View<Fruit> = { ...view, colours: { title: 'colours', value: () => '', lines: row => row.colours } }
    await printer.record(listed, apple)
    await printer.record(listed, { ...apple, colours: [] })
    const name = 'name:    apple\nweight:  12\n'
    expect(env.stdout.text).toBe(`${name}colours: red\n         green\n${name}colours: -\n`)
  })

  it('prints headings in ASCII too, since a query may have named them', async () => {
    const { printer, env } = fakeContext({ color: false }, { terminal: true, variables: { LC_ALL: 'C' } })
    await printer.list({ é: { title: 'é', value: () => 'x' } }, [apple], empty)
    expect(env.stdout.text).toBe('\\XE9\nx\n')
  })

  it('prints the sentence of an outcome', async () => {
    const { printer, env } = fakeContext({}, { terminal: true })
    await printer.outcome(view, apple, 'picked apple')
    expect(env.stdout.text).toBe('picked apple\n')
  })

  it('never passes a control character to the terminal', async () => {
    const { printer, env } = fakeContext({ color: false }, { terminal: true })
    await printer.list(view, [hostile], empty)
    await printer.record(view, hostile)
    expect(env.stdout.text).not.toContain('\u001b')
    expect(env.stdout.text).toContain('a\\tb\\nc\\x1b[2J')
  })
})

describe('colour', () => {
  const headed = async (variables: Record<string, string>, color = true): Promise<boolean> => {
    const { printer, env } = fakeContext({ color }, { terminal: true, variables })
    await printer.record(view, apple)
    return env.stdout.text.includes('\u001b[')
  }

  it('is used on a terminal', async () => expect(await headed({})).toBe(true))
  it('respects --no-color', async () => expect(await headed({}, false)).toBe(false))
  it('respects NO_COLOR', async () => expect(await headed({ NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false))
  it('respects TERM=dumb', async () => expect(await headed({ TERM: 'dumb' })).toBe(false))
  it('respects FORCE_COLOR', async () => expect(await headed({ TERM: 'dumb', FORCE_COLOR: '1' })).toBe(true))
  it('is not part of the lines of a pipe, even with FORCE_COLOR', async () => {
    const { printer, env } = fakeContext({}, { variables: { FORCE_COLOR: '1' } })
    await printer.record(view, apple)
    expect(env.stdout.text).not.toContain('\u001b[')
  })
})

it('shows what a name holds that no screen shows, and leaves joined signs as they are', () => {
  expect(printable('al\u200bi\u00adce\u3164 \ufeff\u{e0061} \u{1b}[2J \u009b2J \u202e')).toBe(
    'al\\u{200b}i\\xadce\\u{3164} \\u{feff}\\u{e0061} \\x1b[2J \\x9b2J \\u{202e}',
  )
  for (const fine of ['👩‍👩‍👧', '❤️', 'می‌خواهم', 'zoë', '大文字']) expect(printable(fine)).toBe(fine)
  expect(printableLines('a\nb\u001b\n')).toBe('a\nb\\x1b\n')
})

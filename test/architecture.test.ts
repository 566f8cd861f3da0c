import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { importsOf, unknownTopLevel, violations } from './support/architecture-rules.js'

const root = fileURLToPath(new URL('..', import.meta.url))

function readSources(): Map<string, string> {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.ts'),
  )
  return new Map(files.map(file => [`src/${file}`, readFileSync(join(root, 'src', file), 'utf8')]))
}

describe('the house', () => {
  it('imports downwards only, each package at home, nothing but system-env.ts near the process', () => {
    expect(violations(readSources())).toEqual([])
  })

  it('has no entry at the top that nobody agreed on', () => {
    const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)
    expect(unknownTopLevel([...new Set(tracked.map(file => file.split('/')[0] ?? ''))])).toEqual([])
  })

  it('has a bin of at most 15 lines', () => {
    expect(readFileSync(join(root, 'bin/mantissa.js'), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(15)
  })

  it('has tests where the sources are', () => {
    const folders = new Set([...readSources().keys()].map(path => path.split('/')[1] ?? ''))
    const tested = new Set(readdirSync(join(root, 'test')))
    expect([...folders].filter(folder => !folder.endsWith('.ts') && !tested.has(folder))).toEqual([])
  })
})

describe('the rules can fail', () => {
  const judge = (path: string, text: string): string[] => violations(new Map([[path, text]]))

  it.each([
    ['src/site/a.ts', "import { x } from '../cli/b.js'", 'imports src/cli/b.js'],
    ['src/site/a.ts', "import type { X } from '../accounts/b.js'", 'imports src/accounts/b.js'],
    ['src/site/a.ts', "export { x } from '../accounts/b.js'", 'imports src/accounts/b.js'],
    ['src/site/a.ts', "const b = await import('../accounts/b.js')", 'imports src/accounts/b.js'],
    ['src/site/a.ts', "import '../accounts/b.js'", 'imports src/accounts/b.js'],
    ['src/site/a.ts', "import {\n  x,\n  y,\n} from '../accounts/b.js'", 'imports src/accounts/b.js'],
    ['src/web/a.ts', "import { x } from '../cluster/b.js'", 'imports src/cluster/b.js'],
    ['src/offerings/a.ts', "import { x } from '../sharing/b.js'", 'imports src/sharing/b.js'],
    ['src/site/a.ts', "import { x } from '../main.js'", 'imports src/main.js'],
    ['src/main.ts', "import { x } from './index.js'", 'imports src/index.js'],
    ['src/site/a.ts', "import { x } from '../../test/b.js'", 'imports test/b.js'],
    ['src/bundled/notes/a.ts', "import { x } from '../../base/errors.js'", 'index.ts only'],
    ['src/bundled/notes/a.ts', "import { x } from '../mantissa-base/b.js'", 'index.ts only'],
    ['src/site/a.ts', "import Database from 'better-sqlite3'", 'whose home is store-engine/'],
    ['src/cli/a.ts', "import { Chalk } from 'chalk'", 'whose home is cli/printer/'],
    ['src/cli/a.ts', "const { prompt } = await import('inquirer')", 'whose home is system-env.ts'],
    ['src/site/a.ts', "import leftPad from 'left-pad'", 'has no home'],
    ['src/site/a.ts', 'process.exit(1)', 'only system-env.ts'],
    ['src/site/a.ts', 'if (x) console.log(1)', 'only system-env.ts'],
    ['src/site/a.ts', "import { hostname } from 'node:os'", 'only system-env.ts'],
    ['src/site/path-utils.ts', '', 'says nothing'],
    ['src/helpers/a.ts', '', 'says nothing'],
    ['src/site/MyFile.ts', '', 'kebab-case'],
    ['src/elsewhere/a.ts', '', 'no such place'],
    ['src/site/a.ts', 'export default 1', 'default export'],
    ['src/site/index.ts', "export * from './a.js'", 'only barrel'],
  ])('%s: %s', (path, text, complaint) => {
    const found = judge(path, text)
    expect(found).not.toEqual([])
    expect(found.join('\n')).toContain(complaint)
  })

  it.each([
    [
      'src/cli/a.ts',
      "import { x } from '../site/b.js'\nimport { y } from './b.js'\nimport { Command } from 'commander'",
    ],
    ['src/bundled/notes/a.ts', "import { x } from '../../index.js'\nimport { y } from './b.js'"],
    ['src/site/a.ts', "// import { x } from '../cli/b.js'\n/* process.exit() */ const processes = 'console.log'"],
    ['src/index.ts', "export { x } from './site/a.js'"],
    ['src/system-env.ts', "import { hostname } from 'node:os'\nprocess.cwd()"],
  ])('and let pass what is right: %s', (path, text) => expect(judge(path, text)).toEqual([]))

  it('reads every form of import', () => {
    const text =
      "import a from 'a'\nimport type { B } from './b.js'\nexport type { C } from '../c.js'\nvoid import('d')"
    expect(importsOf('src/x/y.ts', text).map(({ to }) => to)).toEqual(['a', 'src/x/b.js', 'src/c.js', 'd'])
  })

  it('finds strange entries at the top', () => {
    expect(unknownTopLevel(['src', 'Makefile', 'README.md'])).toEqual(['Makefile'])
  })
})

/**
 * The rules of the house as functions over source texts, so that they can be tried on houses that break them.
 * Each returns one sentence for every violation.
 */
import { basename, dirname, join } from 'node:path'

/** Path below the repository (`src/cli/program.ts`) to source text. */
export type Sources = ReadonlyMap<string, string>

/** From the top to the bottom. Imports go to a lower row only, and within a row nowhere. */
const ROWS: readonly (readonly string[])[] = [
  ['main.ts', 'system-env.ts', 'index.ts'],
  ['cli'],
  ['bundled'],
  ['web', 'cluster'],
  ['node'],
  ['upkeep'],
  ['transfer', 'messaging', 'backup'],
  ['offerings', 'sharing'],
  ['accounts'],
  ['scheduling'],
  ['site'],
  ['store-engine'],
  ['base'],
]

/** Where each third-party package may be imported: a folder or a file below src/. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['store-engine/'],
  commander: ['cli/'],
  chalk: ['cli/printer/'],
  'cli-table3': ['cli/printer/'],
  inquirer: ['system-env.ts'],
  '@node-rs/argon2': ['accounts/'],
  'csv-parse': ['accounts/', 'cli/'],
  selfsigned: ['offerings/certificates/'],
  'tar-stream': ['transfer/'],
  ulid: ['base/ids.ts'],
  fastify: ['web/'],
  '@fastify/cookie': ['web/'],
  '@fastify/csrf-protection': ['web/'],
  '@fastify/formbody': ['web/'],
  '@fastify/helmet': ['web/'],
  '@fastify/rate-limit': ['web/'],
  '@fastify/static': ['web/'],
  pino: ['node/'],
  'prom-client': ['node/'],
  'rotating-file-stream': ['node/'],
  'smtp-server': ['bundled/mail/'],
  mailparser: ['bundled/mail/'],
}

const FORBIDDEN_NAMES = /(?:^|-)(?:utils?|helpers?|commons?|managers?)(?:-|$)/

const TOP_LEVEL = new Set([
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'README.md', 'LICENSE', 'CHANGELOG.md'],
  ...['bin', 'src', 'test', 'fixtures', 'docs'],
  ...['.ci', '.github', '.biome.json', '.gitignore', '.npmrc'],
])

/** The composition's adapter, the one file of facts about the running process, and a program for a child process. */
const READERS_OF_PROCESS = new Set([
  'src/system-env.ts',
  'src/base/this-process.ts',
  'src/store-engine/images/quiet-copy.ts',
])

interface Import {
  readonly from: string
  readonly to: string
}

/** All rules that look at the sources. */
export function violations(sources: Sources): string[] {
  const imports = [...sources].flatMap(([path, text]) => importsOf(path, text))
  return [
    ...imports.flatMap(orderViolation),
    ...imports.flatMap(packageViolation),
    ...[...sources.keys()].flatMap(placeViolation),
    ...[...sources].flatMap(([path, text]) => processViolation(path, text)),
    ...[...sources].flatMap(([path, text]) => exportViolation(path, text)),
  ]
}

/** Entries of the repository that nobody has agreed on. */
export function unknownTopLevel(entries: readonly string[]): string[] {
  return entries.filter(entry => !TOP_LEVEL.has(entry))
}

/** What a file imports, types and dynamic imports included; comments do not count. */
export function importsOf(path: string, text: string): Import[] {
  const code = withoutComments(text)
  const specifiers = [
    ...code.matchAll(/\b(?:import|export)\b[^'"`;=]*?\bfrom\s*'([^']+)'/g),
    ...code.matchAll(/\bimport\s*\(\s*'([^']+)'/g),
    ...code.matchAll(/\bimport\s+'([^']+)'/g),
  ]
  return specifiers.map(([, to = '']) => ({ from: path, to: to.startsWith('.') ? join(dirname(path), to) : to }))
}

function orderViolation({ from, to }: Import): string[] {
  if (!to.startsWith('src/'))
    return to.startsWith('..') || /^(?:test|bin|dist)\//.test(to) ? [`${from} imports ${to}`] : []
  const [source, target] = [placeOf(from), placeOf(to)]
  if (source === 'bundled') {
    const allowed =
      to === 'src/index.js' || placeInside(from) === placeInside(to) || !from.slice('src/bundled/'.length).includes('/')
    return allowed && (target === 'bundled' || to === 'src/index.js')
      ? []
      : [`${from} imports ${to}: bundled offerings import index.ts only`]
  }
  if (source === target && ROWS[rowOf(source)]?.includes(source)) return []
  return rowOf(target) > rowOf(source) ? [] : [`${from} imports ${to}: imports go to a lower row only`]
}

function packageViolation({ from, to }: Import): string[] {
  if (to.startsWith('src/') || to.startsWith('.') || to.startsWith('node:')) return []
  const name = to
    .split('/')
    .slice(0, to.startsWith('@') ? 2 : 1)
    .join('/')
  const homes = HOMES[name]
  if (homes === undefined) return [`${from} imports ${name}, which has no home`]
  return homes.some(home => from.startsWith(`src/${home}`))
    ? []
    : [`${from} imports ${name}, whose home is ${homes.join(', ')}`]
}

function placeViolation(path: string): string[] {
  const parts = path.replace(/\.[a-z]+$/, '').split('/')
  const named = parts.some(part => FORBIDDEN_NAMES.test(part)) ? [`${path}: a name that says nothing`] : []
  const cased = /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(basename(path, '.ts')) ? [] : [`${path}: file names are kebab-case`]
  return [...named, ...cased, ...(rowOf(placeOf(path)) < 0 ? [`${path}: no such place in the house`] : [])]
}

function processViolation(path: string, text: string): string[] {
  if (READERS_OF_PROCESS.has(path)) return []
  const code = withoutComments(text).replace(/'(?:\\.|[^'\\\n])*'/g, quoted =>
    quoted.startsWith("'node:") ? quoted : "''",
  )
  const found =
    /'node:(?:os|process|console)'|(?<![.\w$])(?:process|console)\s*(?:\.|\[|\?\.)|\bglobalThis\s*\.\s*(?:process|console)\b/.exec(
      code,
    )
  return found === null ? [] : [`${path} uses ${found[0]}: only system-env.ts reads the process`]
}

function exportViolation(path: string, text: string): string[] {
  const code = withoutComments(text)
  const barrel = path !== 'src/index.ts' && /^export (?:\*|(?:type )?\{[^}]*\}) from /m.test(code)
  return [
    ...(/^export default\b/m.test(code) ? [`${path}: default export`] : []),
    ...(barrel ? [`${path}: index.ts is the only barrel`] : []),
  ]
}

/** `cli`, or for files directly below src/ their name. */
function placeOf(path: string): string {
  const [, place = ''] = path.split('/')
  return place.replace(/\.js$/, '.ts')
}

function placeInside(path: string): string {
  return path.split('/')[2] ?? ''
}

function rowOf(place: string): number {
  return ROWS.findIndex(row => row.includes(place))
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, token =>
    token.startsWith('/') ? ' ' : token,
  )
}

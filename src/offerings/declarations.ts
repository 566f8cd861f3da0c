/**
 * Which offerings there are, without running any of their code.
 *
 * A package declares its offerings in `package.json`:
 *
 *     "mantissa": {
 *       "offerings": "./dist/offerings.js",
 *       "provides": [{ "name": "notes", "description": "…", "version": "1.0.0",
 *                      "requires": ["timelines"],
 *                      "powerups": [{ "name": "notebooks", "description": "…" }] }]
 *     }
 *
 * `offerings` is the module that exports them. `provides` says what is in it, so that they can be listed and shown
 * unloaded; a package with a single offering of its own name may leave it out. `requires` names other offerings whose
 * application stores it uses: they are installed first, and leave the site last. Packages are looked for in three
 * places: the toolkit itself, the packages installed with it, and the directories recorded in a site by
 * `offering add-source`. Never in the current directory.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { assertInside } from '../base/safe-path.js'
import type { Site } from '../site/site.js'
import { BadDeclarationError } from './offering-errors.js'
import { listSources } from './recorded-sources.js'

export interface DeclaredPowerup {
  readonly name: string
  readonly description: string
}

export interface DeclaredOffering {
  readonly name: string
  readonly description: string
  readonly version: string | null
  /** Other offerings that must be installed on the same site. */
  readonly requires: readonly string[]
  /** Null where the package does not say; its code would have to be asked. */
  readonly powerups: readonly DeclaredPowerup[] | null
  /** `bundled`, or the directory of the package. */
  readonly source: string
  /** Absolute path of the module that exports it. */
  readonly module: string
}

/** The directory that holds the toolkit's package.json, and what it says of itself. */
const toolkit = realpathSync(join(import.meta.dirname, '../..'))

/** The version of the program that runs. */
export function toolkitVersion(): string {
  return String(readManifest(toolkit)['version'])
}

/** The toolkit's offerings lie beside the running code, wherever that was built to. */
const bundledModule = join(import.meta.dirname, `../bundled/offerings${extname(import.meta.filename)}`)

/**
 * Every offering that can be had: the toolkit's own, those of packages installed with it, those of the site's sources.
 * The first of a name counts. A source that is gone or says nonsense is left out; `add-source` is where it is refused.
 */
export function listDeclaredOfferings(site?: Site): readonly DeclaredOffering[] {
  const installed = siblingPackages().flatMap(directory => readOrNothing(directory))
  const recorded = site === undefined ? [] : listSources(site).flatMap(source => readOrNothing(source.path))
  const byName = new Map<string, DeclaredOffering>()
  for (const declared of [...bundledOfferings(), ...installed, ...recorded])
    if (!byName.has(declared.name)) byName.set(declared.name, declared)
  return [...byName.values()]
}

/** What the package in `directory` declares. @throws BadDeclarationError */
export function readDeclaration(directory: string): readonly DeclaredOffering[] {
  const manifest = readManifest(directory)
  const block = asRecord(manifest['mantissa'])
  const entry = block?.['offerings']
  if (typeof entry !== 'string') throw new BadDeclarationError(directory, 'declares no offerings')
  const module = assertInside(directory, entry)
  if (!existsSync(module)) throw new BadDeclarationError(directory, `declares ${entry}, which does not exist`)
  return providedBy(directory, manifest, block?.['provides']).map(each => ({ ...each, source: directory, module }))
}

function bundledOfferings(): readonly DeclaredOffering[] {
  const manifest = readManifest(toolkit)
  const provided = providedBy(toolkit, manifest, asRecord(manifest['mantissa'])?.['provides'])
  return provided.map(each => ({ ...each, source: 'bundled', module: bundledModule }))
}

/** Packages that npm put beside the toolkit or below it, and that mention us at all. */
function siblingPackages(): readonly string[] {
  const parents = [join(toolkit, 'node_modules')]
  if (basename(dirname(toolkit)) === 'node_modules') parents.push(dirname(toolkit))
  return parents
    .filter(existsSync)
    .flatMap(packagesBelow)
    .filter(directory => directory !== toolkit && mentionsUs(directory))
}

function packagesBelow(directory: string): readonly string[] {
  return readdirSync(directory)
    .filter(name => !name.startsWith('.'))
    .flatMap(name => (name.startsWith('@') ? packagesBelow(join(directory, name)) : [join(directory, name)]))
    .filter(path => existsSync(join(path, 'package.json')))
}

function mentionsUs(directory: string): boolean {
  return (
    readFileSync(join(directory, 'package.json'), 'utf8').includes('"mantissa"') && readOrNothing(directory).length > 0
  )
}

function readOrNothing(directory: string): readonly DeclaredOffering[] {
  try {
    return readDeclaration(directory)
  } catch {
    return []
  }
}

type Provided = Omit<DeclaredOffering, 'source' | 'module'>

function providedBy(directory: string, manifest: Fields, provides: unknown): readonly Provided[] {
  if (provides === undefined) return [describe({ ...manifest, powerups: undefined }, directory)]
  if (!Array.isArray(provides)) throw new BadDeclarationError(directory, 'declares "provides" that is not a list')
  return provides.map(each => describe(asRecord(each) ?? {}, directory))
}

function describe(fields: Fields, directory: string): Provided {
  const { name, description, version, requires, powerups } = fields
  if (typeof name !== 'string') throw new BadDeclarationError(directory, 'declares an offering without a name')
  return {
    name: name.replace(/^@[^/]*\//, ''),
    description: typeof description === 'string' ? description : '',
    version: typeof version === 'string' ? version : null,
    requires: Array.isArray(requires) ? requires.map(String) : [],
    powerups: Array.isArray(powerups) ? powerups.map(each => describePowerup(asRecord(each) ?? {})) : null,
  }
}

function describePowerup({ name, description }: Fields): DeclaredPowerup {
  return { name: String(name), description: typeof description === 'string' ? description : '' }
}

type Fields = Readonly<Record<string, unknown>>

function asRecord(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
}

function readManifest(directory: string): Fields {
  const path = join(directory, 'package.json')
  try {
    return asRecord(JSON.parse(readFileSync(path, 'utf8'))) ?? {}
  } catch (cause) {
    throw new BadDeclarationError(directory, 'has no readable package.json', cause)
  }
}

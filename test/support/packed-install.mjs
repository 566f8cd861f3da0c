/**
 * Packs the package and installs it elsewhere, as somebody who downloads it would. By default the packages it depends on
 * are linked from this clone; with --compile npm installs them, which compiles better-sqlite3 and takes minutes.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/**
 * Packs into `directory` and unpacks below its node_modules.
 *
 * @returns {{ files: string[] }} the paths in the package.
 */
export function installPacked(directory) {
  const { filename, files } = pack(directory)
  const home = join(directory, 'node_modules', 'mantissa')
  mkdirSync(home, { recursive: true })
  run('tar', ['-xzf', join(directory, filename), '-C', home, '--strip-components=1'], directory)
  for (const name of Object.keys(readManifest().dependencies)) link(name, join(directory, 'node_modules', name))
  return { files }
}

function pack(directory) {
  const out = run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', directory], root)
  const [packed] = Object.values(JSON.parse(out))
  return { filename: packed.filename, files: packed.files.map(file => file.path) }
}

function link(name, place) {
  mkdirSync(dirname(place), { recursive: true })
  if (!existsSync(place)) symlinkSync(join(root, 'node_modules', name), place)
}

function readManifest() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
}

function run(command, words, cwd) {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error(`${command} ${words.join(' ')} ended with ${status}: ${stderr}`)
  return stdout
}

/** The whole way, with npm and a compiler. */
function installWithNpm() {
  const directory = mkdtempSync(join(tmpdir(), 'mantissa-packed-'))
  try {
    const { filename } = pack(directory)
    run('npm', ['init', '--yes'], directory)
    run('npm', ['pkg', 'set', 'allowScripts.better-sqlite3=true', '--json'], directory)
    run('npm', ['install', '--no-audit', '--no-fund', join(directory, filename)], directory)
    const program = join(directory, 'node_modules', '.bin', 'mantissa')
    const version = run(program, ['--version'], directory).trim()
    run(program, ['create-site', 'packed.axiom'], directory)
    process.stdout.write(`mantissa ${version} was packed, installed and has made a site\n`)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href && process.argv.includes('--compile'))
  installWithNpm()

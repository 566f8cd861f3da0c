/**
 * Makes a clone ready to test and to run: installs the packages when what is installed is not what the lock file names,
 * and builds when a source is newer than its build. With `--browser` it installs Chromium as well, for the tests that need
 * it, where that is in its power: as root on Debian and what descends from it; the tests are skipped elsewhere. Plain
 * Node without packages, because it runs before there are any.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const path = (...names) => join(root, ...names)

if (!isInstalled()) install()
if (!isNativeModuleUsable()) rebuildNativeModule()
if (!isBuilt()) build()
if (process.argv.includes('--browser') && !hasBrowser()) installBrowser()

/** npm writes what it installed beside the packages; it must agree with the lock file in every package of this platform. */
function isInstalled() {
  const installed = readPackages(path('node_modules', '.package-lock.json'))
  const wanted = readPackages(path('package-lock.json'))
  if (installed === undefined || wanted === undefined) return false
  return Object.entries(wanted).every(([name, { version, optional }]) => {
    if (name === '') return true
    return installed[name] === undefined ? optional === true : installed[name].version === version
  })
}

function readPackages(lockFile) {
  return existsSync(lockFile) ? JSON.parse(readFileSync(lockFile, 'utf8')).packages : undefined
}

function install() {
  say('installing packages (better-sqlite3 is compiled, which takes some minutes)')
  run(...npm('ci', '--no-audit', '--no-fund'))
}

/** The compiled part may be missing (install scripts switched off) or made for another Node. */
function isNativeModuleUsable() {
  const attempt = "new (require('better-sqlite3'))(':memory:').close()"
  return spawnSync(process.execPath, ['-e', attempt], { cwd: root, stdio: 'ignore' }).status === 0
}

function rebuildNativeModule() {
  say('compiling better-sqlite3 for this version of Node')
  run(...npm('rebuild', 'better-sqlite3', '--ignore-scripts=false'))
}

function isBuilt() {
  const main = path('dist', 'main.js')
  if (!existsSync(main)) return false
  const sources = Math.max(newest(path('src')), newest(path('tsconfig.json')), newest(path('package-lock.json')))
  return statSync(main).mtimeMs > sources
}

/** A directory counts too: it changes when a file in it is removed. */
function newest(file) {
  const { mtimeMs } = statSync(file)
  const below = statSync(file).isDirectory() ? readdirSync(file).map(name => newest(join(file, name))) : []
  return Math.max(mtimeMs, ...below)
}

function build() {
  say('building')
  run(process.execPath, [path('node_modules', 'typescript', 'bin', 'tsc'), '-p', path('tsconfig.json')])
}

/** The same places as in `browser.ts`. */
function hasBrowser() {
  const places = [
    process.env.CHROMIUM ?? '',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ]
  return places.some(place => place !== '' && existsSync(place))
}

/** Bounded, and never fatal: all other tests can run without it. */
function installBrowser() {
  const isInItsPower = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!isInItsPower) return say('there is no Chromium (Debian package: chromium); the browser tests will be skipped')
  say('installing the Debian package chromium, for the browser tests (some minutes at most)')
  const installed = apt('install', '--yes', '--no-install-recommends', 'chromium')
  if (installed || (apt('update') && apt('install', '--yes', '--no-install-recommends', 'chromium'))) return
  say('the Debian package chromium could not be installed; the browser tests will be skipped')
}

function apt(...words) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { env, stdio: ['ignore', 'ignore', 2], timeout: 240_000 }
  return spawnSync('apt-get', ['--quiet', '-o', 'DPkg::Lock::Timeout=60', ...words], options).status === 0
}

function npm(...words) {
  const script = process.env.npm_execpath
  return script === undefined ? ['npm', words] : [process.execPath, [script, ...words]]
}

function run(command, words) {
  const { status, error } = spawnSync(command, words, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status === 0) return
  say(`this failed: ${command} ${words.join(' ')}${error === undefined ? '' : ` (${error.message})`}`)
  process.exit(1)
}

function say(text) {
  process.stderr.write(`setup: ${text}\n`)
}

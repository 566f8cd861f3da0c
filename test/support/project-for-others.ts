import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups']

/** Arguments of setpriv that make a program run as a user who owns nothing. */
export const asNobody: readonly string[] = NOBODY

/** Whether this process may start programs as another user. */
export const canBeNobody = process.getuid?.() === 0 && spawnSync('setpriv', [...NOBODY, 'true']).status === 0

let copied: string | undefined

/**
 * The project at a place that every user can read: this clone, or a copy of what the program needs where the clone lies
 * below a directory that is closed to others.
 */
export function projectForOthers(): string {
  const program = join(root, 'bin/mantissa.js')
  if (spawnSync('setpriv', [...NOBODY, 'test', '-r', program]).status === 0) return root
  copied ??= copyProject()
  return copied
}

function copyProject(): string {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'mantissa-project-')))
  process.once('exit', () => rmSync(place, { recursive: true, force: true }))
  for (const name of ['package.json', 'bin', 'dist', ...neededPackages()]) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    // The sources of SQLite and what its compilation leaves are most of the bytes.
    const filter = (from: string) => !/better-sqlite3\/(?:deps|src|build\/Release\/obj)/.test(from)
    if (existsSync(join(root, name))) cpSync(join(root, name), join(place, name), { recursive: true, filter })
  }
  spawnSync('chmod', ['-R', 'a+rX', place])
  return place
}

/** `node_modules/…` of every package that is not for development only. */
function neededPackages(): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>
  }
  return Object.keys(packages).filter(name => name !== '' && packages[name]?.dev !== true)
}

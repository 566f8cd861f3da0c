import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export interface Shown {
  readonly command: string
  readonly output: readonly string[]
}

/** The commands of all console blocks of a page, in order, with what it shows below each. */
export function shownCommands(page: string): Shown[] {
  const lines = [...page.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(
    ([, text]) => text?.trimEnd().split('\n') ?? [],
  )
  const all: { command: string; output: string[] }[] = []
  for (const line of lines) {
    if (line.startsWith('$ ')) all.push({ command: line.slice(2), output: [] })
    else all.at(-1)?.output.push(line)
  }
  return all
}

/** Runs a line of a page in a shell that knows `mantissa`. */
export function runShown(command: string, cwd: string) {
  const script = `mantissa() { "${process.execPath}" "${join(root, 'bin/mantissa.js')}" "$@"; }\n${command}`
  return spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8', env: { PATH: process.env.PATH } })
}

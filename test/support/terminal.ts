import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/mantissa.js', import.meta.url))
/** Whether this machine can make a terminal for a test. */
export const hasScript = spawnSync('script', ['--version']).status === 0

/** After so long a silence a dialogue fails with what the screen shows: before its test is given up, which shows nothing. */
const PATIENCE = 20_000

export interface Dialogue {
  readonly cwd: string
  /** What is waited for on the terminal, and what is then typed. */
  readonly turns?: readonly (readonly [seen: string, typed: string])[]
  readonly columns?: number
  readonly variables?: Readonly<Record<string, string>>
}

/** Runs the program on a terminal made by script(1), and types each answer when its question is seen. */
export function converse(
  words: string,
  { cwd, turns = [], variables, columns = 80 }: Dialogue,
): Promise<{ code: number | null; screen: string }> {
  return new Promise((resolve, reject) => {
    const line = `stty cols ${columns}; exec '${process.execPath}' '${bin}' ${words}`
    const terminal = spawn('script', ['-qec', line, '/dev/null'], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, TERM: 'xterm', NO_COLOR: '1', ...variables },
    })
    const left = [...turns]
    let screen = ''
    let unseen = ''
    const patience = setTimeout(() => {
      terminal.kill('SIGKILL')
      reject(new Error(`nothing more came, and not ${JSON.stringify(left[0]?.[0] ?? 'the end')}:\n${screen}`))
    }, PATIENCE)
    // What was typed may come too late.
    terminal.stdin.on('error', () => {})
    terminal.stdout.on('data', (chunk: Buffer) => {
      patience.refresh()
      screen += chunk.toString('utf8')
      unseen += chunk.toString('utf8')
      const [next] = left
      if (next === undefined || !unseen.includes(next[0])) return
      left.shift()
      unseen = ''
      terminal.stdin.write(next[1])
    })
    terminal.on('close', code => {
      clearTimeout(patience)
      resolve({ code, screen })
    })
  })
}

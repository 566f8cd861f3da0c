import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/mantissa.js', import.meta.url))
const built = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

export interface RunOptions {
  /** The current directory; a site of its own in most tests. */
  readonly cwd: string
  readonly stdin?: string | Uint8Array
  /** Leaves standard input open, so that a reader of it waits. */
  readonly keepsStdinOpen?: boolean
  /** Added to an environment that holds PATH and HOME only. */
  readonly variables?: Readonly<Record<string, string>>
  /** Options for node itself, before the program. */
  readonly nodeOptions?: readonly string[]
  /** Called with the process once it runs, to signal it or to close its streams. */
  readonly started?: (child: ReturnType<typeof spawn>) => void
}

export interface Finished {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
  /** Standard output as bytes, for archives. */
  readonly bytes: Buffer
}

/** Runs the built program in a process of its own, without a terminal, and waits for its end. */
export function mantissa(words: readonly string[] | string, options: RunOptions): Promise<Finished> {
  if (!existsSync(built)) throw new Error('there is no build to test: npm run build')
  const argv = typeof words === 'string' ? splitWords(words) : words
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...(options.nodeOptions ?? []), bin, ...argv], {
      cwd: options.cwd,
      env: { PATH: process.env.PATH, HOME: options.cwd, ...options.variables },
      stdio: 'pipe',
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      const bytes = Buffer.concat(out)
      const told = Buffer.concat(err).toString('utf8')
      if (/^\(node:\d+\) /m.test(told)) reject(new Error(`the process warned: ${told}`))
      else resolve({ code, signal, bytes, out: bytes.toString('utf8'), err: told })
    })
    child.stdin.on('error', () => {})
    if (!options.keepsStdinOpen) child.stdin.end(options.stdin ?? '')
    options.started?.(child)
  })
}

/** Words as a shell would part them; quotes keep spaces. */
export function splitWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )
}

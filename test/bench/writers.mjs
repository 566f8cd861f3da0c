import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Starts processes that write a store all the while; resolves when each has committed once. */
export async function startWriters(count, places) {
  const writers = Array.from({ length: count }, (_, index) => {
    const script = join(import.meta.dirname, 'store-writer.mjs')
    const child = spawn(process.execPath, [script, `writer${index}`, ...places], { stdio: ['ignore', 'pipe', 'pipe'] })
    const told = { child, out: '', err: '', ended: once(child, 'close') }
    child.stdout.on('data', data => {
      told.out += data
    })
    child.stderr.on('data', data => {
      told.err += data
    })
    return told
  })
  await Promise.all(writers.map(({ child, ended }) => Promise.race([once(child.stderr, 'data'), ended])))
  return writers
}

/** Ends them. Returns how many commits were acknowledged to all of them, and the longer pauses between them. */
export async function stopWriters(writers) {
  for (const { child } of writers) child.kill('SIGTERM')
  for (const { ended } of writers) await ended
  const broken = writers.find(({ err, out }) => err !== 'writing\n' || out === '')
  if (broken !== undefined) throw new Error(`a writer failed: ${broken.err}`)
  const reports = writers.map(({ out }) => JSON.parse(out))
  return {
    commits: reports.reduce((sum, { count }) => sum + count, 0),
    pauses: reports.flatMap(({ pauses }) => pauses),
  }
}

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
export const bin = join(here, '..', '..', 'bin', 'mantissa.js')

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The smallest of the values that a `share` of them, such as 0.99, does not exceed. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
}

/** Runs the deeds in turn, `rounds` times, and gives the median milliseconds of each. A deed may be asynchronous. */
export async function interleave(rounds, deeds) {
  const times = deeds.map(() => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, deed] of deeds.entries()) {
      const start = process.hrtime.bigint()
      await deed(round)
      times[index].push(Number(process.hrtime.bigint() - start) / 1e6)
    }
  }
  return times.map(median)
}

/**
 * Runs a program and gives its milliseconds, the milliseconds to its first byte of output, its peak memory in MiB, and
 * what it printed where that was asked for (`keep`).
 */
export async function runProgram(args, options = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'mantissa-bench-'))
  const memoryFile = join(directory, 'memory')
  const env = { ...process.env, ...options.env, MANTISSA_BENCH_MEMORY_FILE: memoryFile }
  const watch = ['--import', pathToFileURL(join(here, 'report-memory.mjs')).href]
  const start = process.hrtime.bigint()
  const since = () => Number(process.hrtime.bigint() - start) / 1e6
  const child = spawn(process.execPath, [...(options.memory ? watch : []), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let firstByte
  let bytes = 0
  let complaint = ''
  let output = ''
  child.stdout.on('data', chunk => {
    firstByte ??= since()
    bytes += chunk.length
    if (options.keep) output += chunk
  })
  child.stderr.on('data', chunk => {
    complaint += chunk
  })
  const code = await new Promise(resolve => child.once('close', resolve))
  const milliseconds = since()
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${complaint}`)
  const memory = options.memory ? Number(readFileSync(memoryFile, 'utf8')) / 1024 : undefined
  rmSync(directory, { recursive: true })
  return { milliseconds, firstByte, bytes, memory, output }
}

/** A directory that is removed when `deed` ends. */
export async function withDirectory(deed) {
  const directory = mkdtempSync(join(tmpdir(), 'mantissa-bench-'))
  try {
    return await deed(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/**
 * Everything that `npm test` looks at, each step reported on its own, all of them run even when one fails. Every static
 * check counts as one test. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const directory = mkdtempSync(join(tmpdir(), 'mantissa-check-'))
const report = join(directory, 'vitest.json')

const STATIC_CHECKS = [
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['types', 'tsc', ['--noEmit', '-p', 'test/tsconfig.json']],
  ['unused code and packages', 'knip', []],
  ['package contents', 'publint', ['--strict']],
]

try {
  const results = STATIC_CHECKS.map(([name, tool, words]) => runTool(name, tool, words))
  const ran = runTool('tests', 'vitest', [
    ...['run', '--config', 'test/vitest.config.ts', ...process.argv.slice(2)],
    ...['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`],
  ])
  const tests = countTests(ran)
  const passed = results.filter(Boolean).length + tests.passed
  const failed = results.filter(result => !result).length + tests.failed
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
  process.exitCode = failed === 0 ? 0 : 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}

function runTool(name, tool, words) {
  process.stdout.write(`\n== ${name}\n`)
  const started = Date.now()
  const command = join(root, 'node_modules', '.bin', tool)
  const { status } = spawnSync(command, words, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  process.stdout.write(
    `-- ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  )
  return status === 0
}

/** A run that failed without a failing test (a file that does not load, an unhandled error) counts as one failure. */
function countTests(ran) {
  const counts = readCounts()
  return ran || counts.failed > 0 ? counts : { passed: counts.passed, failed: 1 }
}

function readCounts() {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
    const unloaded = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0).length
    return { passed: numPassedTests, failed: numFailedTests + unloaded }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

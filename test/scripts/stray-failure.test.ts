import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const adapter = fileURLToPath(new URL('../../dist/system-env.js', import.meta.url))

/** A program that fails where nothing waits for it, after the environment was built. */
function stray(...words: readonly string[]) {
  const script = `import { systemEnv } from '${adapter}'; systemEnv(); Promise.reject(new Error('nobody waited'))`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script, '--', ...words], { encoding: 'utf8' })
}

it('a failure that nobody waits for is told in two lines, without a stack', () => {
  const { status, stderr } = stray()
  expect(stderr).toMatch(/^error: unexpected failure: nobody waited\ntry: this is a bug in mantissa: .*\n$/)
  expect(status).toBe(1)
})

it('or as an object with --json, and with its stack after --debug', () => {
  expect(JSON.parse(stray('--json').stderr)).toMatchObject({ error: { code: 'UNEXPECTED' } })
  expect(stray('--debug').stderr).toContain('    at ')
})

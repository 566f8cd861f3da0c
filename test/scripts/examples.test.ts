import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyVerb, examplesOf, helpOf } from '../support/every-verb.js'
import { copyExampleDirectory, EXAMPLE_VARIABLES, makeExampleDirectory } from '../support/example-site.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

let prepared: string

beforeAll(async () => {
  prepared = mkdtempSync(join(tmpdir(), 'mantissa-examples-'))
  await makeExampleDirectory(prepared)
})

afterAll(() => rmSync(prepared, { recursive: true, force: true }))

function run(line: string) {
  const directory = join(temporaryDirectory(), 'here')
  mkdirSync(directory, { mode: 0o700 })
  const path = copyExampleDirectory(prepared, directory)
  const env = { PATH: path, HOME: directory, ...EXAMPLE_VARIABLES }
  return spawnSync('sh', ['-c', line], { cwd: directory, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] })
}

describe.each(everyVerb())('the help of %s', verb => {
  it('says what it is for, and has examples that work', async () => {
    expect(await helpOf(verb)).toMatch(new RegExp(`^Usage: mantissa ${verb}`))
    const examples = await examplesOf(verb)
    expect(examples).not.toEqual([])
    for (const line of examples) {
      expect(line).toMatch(/\bmantissa\b/)
      const { status, stderr } = run(line)
      // A person would be asked here; that it comes so far is all that can be shown without one.
      if (stderr.includes('there is no terminal to ask on')) continue
      expect(`${line}: ${status} ${stderr}`).toMatch(/: 0 /)
    }
  })
})

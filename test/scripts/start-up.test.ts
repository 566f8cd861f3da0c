import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** Lists every module that is resolved, CommonJS and ES, in the file that the variable names. */
const RECORDER = `
import { register } from 'node:module'
import { appendFileSync } from 'node:fs'
import Module from 'node:module'
const note = name => appendFileSync(process.env.LOADED, name + '\\n')
const load = Module._load
Module._load = function (name, ...rest) { note(name); return load.call(this, name, ...rest) }
register('data:text/javascript,' + encodeURIComponent(\`
import { appendFileSync } from 'node:fs'
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context)
  appendFileSync(process.env.LOADED, found.url + '\\\\n')
  return found
}\`))
`

async function modulesLoadedBy(line: string): Promise<string[]> {
  const cwd = temporaryDirectory()
  const [recorder, loaded] = [join(cwd, 'recorder.mjs'), join(cwd, 'loaded')]
  writeFileSync(recorder, RECORDER)
  writeFileSync(loaded, '')
  const nodeOptions = ['--import', pathToFileURL(recorder).href]
  const { code, err } = await mantissa(line, { cwd, nodeOptions, variables: { LOADED: loaded } })
  expect(err).toBe('')
  expect(code).toBe(0)
  return readFileSync(loaded, 'utf8').split('\n')
}

const HEAVY =
  /better-sqlite3|inquirer|cli-table3|chalk|argon2|tar-stream|csv-parse|selfsigned|dist\/(?:store-engine|bundled)\//

describe('starting', () => {
  it('is watched closely enough to notice a heavy module', async () => {
    const loaded = await modulesLoadedBy('create-site new.axiom')
    expect(loaded.filter(name => HEAVY.test(name)).join(' ')).toMatch(/better-sqlite3/)
  })

  it('--version loads nothing but the entry', async () => {
    const loaded = await modulesLoadedBy('--version')
    expect(loaded.filter(name => /commander|dist\/cli\/(?!cli-env)/.test(name) || HEAVY.test(name))).toEqual([])
  })

  it.each(['--help', 'explain --help', 'help exit-codes', 'completion bash'])(
    '%s loads no database, no prompt, no table printer and no store engine',
    async line => {
      expect((await modulesLoadedBy(line)).filter(name => HEAVY.test(name))).toEqual([])
    },
  )
})

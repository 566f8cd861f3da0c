import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

it('the demo runs to its end, with the real site too, and names its directory', { timeout: 120_000 }, async () => {
  const cwd = temporaryDirectory()
  const { code, out, err } = await mantissa('demo', { cwd, variables: { TMPDIR: cwd } })
  const [, directory = ''] = /^\$ cd (.*)$/m.exec(out) ?? []
  expect([code, err.match(/DEMO_FAILED/)]).toEqual([0, null])
  expect(directory.startsWith(cwd)).toBe(true)
  expect(out).toContain(`The sites are in ${directory}`)
  expect(out.match(/^\$ mantissa transfer-user/gm)).toHaveLength(3)
  expect(out).toMatch(/^200\n\{"title":"Soup"/m)
  expect(out).toMatch(/^404$/m)
  expect(out).toMatch(/carol@example\.net.*\n.*\/new\.axiom/)
  rmSync(directory, { recursive: true })
})

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../support/temporary-directory.js'

it('items that nobody holds are forgotten and loaded anew; one that is held stays the same object, with its neighbours', () => {
  const script = join(import.meta.dirname, 'forgetting-items.mjs')
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', script, join(temporaryDirectory(), 'a.axiom')],
    { encoding: 'utf8' },
  )
  expect(stderr).toBe('')
  const { alive, ...rest } = JSON.parse(stdout)
  expect(rest).toEqual({ same: true, again: [true, -8], changed: -8 })
  expect(alive).toBeLessThanOrEqual(16)
})

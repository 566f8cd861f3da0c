import { expect, it } from 'vitest'
import { mantissa } from '../../support/mantissa.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

it('a copy under another name replaces no original', async () => {
  const words = 'import-user alice.tar.gz --as alicia@example.com --restore'
  const { code, err } = await mantissa(words, { cwd: temporaryDirectory() })
  expect(code).toBe(2)
  expect(err).toMatch(/'--restore'.*'--as <address>'/)
})

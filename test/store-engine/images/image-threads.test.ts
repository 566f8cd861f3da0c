import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compiledModule } from '../../../src/base/compiled-module.js'
import { inImageThread } from '../../../src/store-engine/images/image-threads.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

const THREADS = compiledModule('../../../src/store-engine/images/image-threads.js', import.meta.url).href

it.each([
  ['before it was asked for anything', 'warmImageThread()'],
  ['when it has answered', "await inImageThread('hashBlocks', process.execPath)"],
])('a thread keeps no process from ending, %s', (_when, deed) => {
  const program = join(temporaryDirectory(), 'program.mjs')
  writeFileSync(program, `import { inImageThread, warmImageThread } from ${JSON.stringify(THREADS)}\n${deed}`)
  execFileSync(process.execPath, [program], { timeout: 20_000 })
})

it('tells what went wrong in it, and goes on with the next order', async () => {
  const missing = inImageThread('hashBlocks', join(temporaryDirectory(), 'nothing'))
  await expect(missing).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' })
  const several = Array.from({ length: 5 }, () => inImageThread('hashBlocks', import.meta.filename))
  expect(new Set((await Promise.all(several)).map(String)).size).toBe(1)
})

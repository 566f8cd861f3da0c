import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { temporaryDirectory } from '../../support/temporary-directory.js'

it('a lock whose file is deleted whenever it is let go of is held by one at a time', async () => {
  const path = join(temporaryDirectory(), 'one.lock')
  const take = () =>
    new Promise<string>(resolve => {
      const script = join(import.meta.dirname, 'lock-taker.mjs')
      const child = spawn(process.execPath, [script, path, '300'], { stdio: ['ignore', 'ignore', 'pipe'] })
      let told = ''
      child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()))
      child.once('close', code => resolve(`${told}${code}`))
    })
  expect(await Promise.all([take(), take(), take()])).toEqual(['0', '0', '0'])
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('no message that was answered with 250 is lost or changed when the node is killed (npm run soak:mail takes longer)', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'mail.mjs'), '--messages', '150', '--kills', '1'])
  let told = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      told += chunk
    })
  const [code] = await once(child, 'close')
  expect(told).toMatch(/150 accepted, .*\n1 killed, 0 wrongs\n$/)
  expect(code).toBe(0)
}, 60_000)

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it.each(['wal', 'delete'])(
  'four processes write to one site, one dies now and then, and nothing is lost or half done (%s; npm run soak takes longer)',
  async journalMode => {
    const words = ['--seconds', '3', '--journal-mode', journalMode]
    const child = spawn(process.execPath, [join(import.meta.dirname, 'run.mjs'), ...words])
    let told = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', chunk => {
        told += chunk
      })
    const [code] = await once(child, 'close')
    expect(told).toMatch(/\d+ killed, \d+ verbs, 0 wrongs\n$/)
    expect(code).toBe(0)
    const deeds = [...told.matchAll(/^\w+: (\d+) deeds, /gm)].map(([, count]) => Number(count))
    expect(deeds.filter(count => count > 0)).toHaveLength(4)
  },
  60_000,
)

import { describe, expect, it } from 'vitest'
import { BusyError } from '../../src/base/errors.js'
import { patiently } from '../../src/node/patience.js'

describe('patience', () => {
  it('does again what was busy, while others are served', async () => {
    let tries = 0
    let served = 0
    const timer = setInterval(() => {
      served += 1
    }, 1)
    const result = await patiently(() => {
      tries += 1
      if (tries < 4) throw new BusyError('busy')
      return 'done'
    })
    clearInterval(timer)
    expect([result, tries]).toEqual(['done', 4])
    expect(served).toBeGreaterThan(2)
  })

  it('does nothing again that failed otherwise', async () => {
    let tries = 0
    const failing = patiently(() => {
      tries += 1
      throw new TypeError('no')
    })
    await expect(failing).rejects.toThrow(TypeError)
    expect(tries).toBe(1)
  })
})

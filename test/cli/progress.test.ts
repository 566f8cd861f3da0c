import { expect, it } from 'vitest'
import { progressLine, startProgress } from '../../src/cli/progress.js'
import { fakeContext } from '../support/fake-context.js'

const copying = { label: 'copying', total: 4 * 1024 ** 2, unit: 'bytes' } as const

it('tells share, amount, rate and time left', () => {
  expect(progressLine(copying, 1024 ** 2, 2000)).toBe(
    'copying [#####               ] 25% 1.0 MiB of 4.0 MiB, 512.0 KiB/s, 6.0 s left',
  )
  expect(progressLine({ label: 'reading', unit: 'items' }, 500, 2000)).toBe('reading 500, 250/s')
})

it('tells the bytes of items beside them, and goes by the items', () => {
  const moving = { label: 'moving users', unit: 'items', total: 40 } as const
  expect(progressLine(moving, 10, 2000, 1024 ** 2)).toBe(
    'moving users [#####               ] 25% 10 of 40, 1.0 MiB, 512.0 KiB/s, 6.0 s left',
  )
  expect(progressLine(moving, 0, 2000, 2048)).toBe('moving users [                    ] 0% 0 of 40, 2.0 KiB, 1.0 KiB/s')
})

it('can be hidden until it is drawn again', () => {
  const context = fakeContext({}, { terminal: true })
  using progress = startProgress(context, copying)
  context.env.now += 2_000_000n
  progress.reached(1024 ** 2)
  progress.hide()
  expect(context.env.stderr.text.endsWith('\r\u001b[K')).toBe(true)
  const { length } = context.env.stderr.text
  progress.hide()
  expect(context.env.stderr.text).toHaveLength(length)
})

it('draws one line on a terminal, and wipes it at the end', () => {
  const context = fakeContext({}, { terminal: true })
  {
    using progress = startProgress(context, copying)
    context.env.now += 500_000n
    progress.reached(1)
    expect(context.env.stderr.text).toBe('')
    context.env.now += 1_500_000n
    progress.reached(1024 ** 2)
    expect(context.env.stderr.text).toMatch(/^\rcopying \[#####/)
  }
  expect(context.env.stderr.text.endsWith('\r\u001b[K')).toBe(true)
})

it('never fills the last column, so that no terminal wraps it', () => {
  const context = fakeContext({}, { terminal: true })
  context.env.stderr.columns = 40
  using progress = startProgress(context, copying)
  context.env.now += 2_000_000n
  progress.reached(1024 ** 2)
  expect(context.env.stderr.text.replace('\r', '').replace('\u001b[K', '')).toHaveLength(39)
})

it('writes a plain line every ten seconds elsewhere', () => {
  const context = fakeContext()
  using progress = startProgress(context, copying)
  for (let second = 0; second < 25; second++) {
    context.env.now += 1_000_000n
    progress.reached(second)
  }
  const lines = context.env.stderr.text.trimEnd().split('\n')
  expect(lines).toHaveLength(2)
  expect(lines[0]).not.toContain('\r')
})

it('tells the time left as soon as it is known how much there will be', () => {
  const context = fakeContext({}, { terminal: true })
  using progress = startProgress(context, { label: 'importing', unit: 'bytes' })
  context.env.now += 2_000_000n
  progress.reached(1024 ** 2)
  expect(context.env.stderr.text).toContain('importing 1.0 MiB, 512.0 KiB/s')
  progress.expects(4 * 1024 ** 2)
  context.env.now += 2_000_000n
  progress.reached(2 * 1024 ** 2)
  expect(context.env.stderr.text).toContain('50% 2.0 MiB of 4.0 MiB, 512.0 KiB/s, 4.0 s')
})

it('writes nothing with --quiet', () => {
  const context = fakeContext({ quiet: true }, { terminal: true })
  using progress = startProgress(context, copying)
  context.env.now += 60_000_000n
  progress.reached(1)
  expect(context.env.stderr.text).toBe('')
})

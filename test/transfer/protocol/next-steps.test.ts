import { describe, expect, it } from 'vitest'
import type { TransferState } from '../../../src/site/transfer-states.js'
import { nextSteps, type SideRow, type SideView } from '../../../src/transfer/protocol/next-steps.js'
import { FORWARD, PROTOCOL, type StepOfProtocol } from '../../../src/transfer/protocol/protocol.js'

const row = (state: TransferState, decision: SideRow['decision'] = null, isConfirmed = false): SideRow => ({
  state,
  decision,
  isConfirmed,
})

/** Takes a step as the journals would see it. */
function take(name: string, source: SideView, target: SideView): [SideView, SideView] {
  const step: StepOfProtocol | undefined = PROTOCOL.find(each => each.name === name)
  if (step === undefined) throw new Error(name)
  const change = (side: SideView): SideView => {
    if (typeof side === 'string') throw new Error(`${name} on a side that is ${side}`)
    expect(step.from, `${name} from ${side.state}`).toContain(side.state)
    return {
      state: step.to,
      decision: name === 'abort' ? 'abort' : side.decision,
      isConfirmed: side.isConfirmed || name === 'quarantine',
    }
  }
  return step.side === 'source' ? [change(source), target] : [source, change(target)]
}

/** Follows the steps to their end; each must be allowed where it is taken. */
function settle(source: SideView, target: SideView) {
  const taken: string[] = []
  for (let round = 0; round < 20; round += 1) {
    const steps = nextSteps({ source, target })
    if (steps === 'wait' || steps.length === 0) return { source, target, taken, waits: steps === 'wait' }
    for (const name of steps) {
      ;[source, target] = take(name, source, target)
      taken.push(name)
    }
  }
  throw new Error(`no end: ${taken.join(' ')}`)
}

const UNDECIDED = ['PLANNED', 'COPYING', 'SEALED'] as const
const BEFORE_ARRIVAL = ['RESERVED', 'RECEIVING', 'VERIFIED', 'PREPARED', 'DISCARDING'] as const

describe('nextSteps', () => {
  it.each(UNDECIDED.flatMap(source => [...BEFORE_ARRIVAL, 'none' as const].map(target => [source, target] as const)))(
    'undoes what is undecided: %s, %s',
    (source, target) => {
      const end = settle(row(source), target === 'none' ? 'none' : row(target))
      expect(end).toMatchObject({ source: { state: 'CLOSED', decision: 'abort' }, waits: false })
      if (target !== 'none') expect(end.target).toMatchObject({ state: 'DISCARDED' })
    },
  )

  it.each([
    ['DECIDED', 'PREPARED'],
    ['HANDED_OVER', 'PREPARED'],
    ['HANDED_OVER', 'ACTIVE'],
    ['HANDED_OVER', 'CONFIRMED'],
  ] as const)('completes what is committed: %s, %s', (source, target) => {
    const end = settle(row(source, 'commit'), row(target))
    expect(end).toMatchObject({
      source: { state: 'HANDED_OVER', isConfirmed: true },
      target: { state: 'CLOSED' },
      waits: false,
    })
    const order = FORWARD.filter(step => end.taken.includes(step))
    expect(end.taken).toEqual(order)
  })

  it('hands over without the target, and then waits for it', () => {
    expect(settle(row('DECIDED', 'commit'), 'unreachable')).toMatchObject({
      source: { state: 'HANDED_OVER', isConfirmed: false },
      waits: true,
    })
  })

  it('never takes back at the target alone what may be committed', () => {
    expect(settle('unreachable', row('PREPARED'))).toMatchObject({ taken: [], waits: true })
    expect(settle('unreachable', row('VERIFIED'))).toMatchObject({ taken: ['discard'], waits: false })
  })

  it('ends a purge that has begun, and begins none', () => {
    for (const target of [row('CLOSED'), 'none', 'unreachable'] as const) {
      expect(settle(row('HANDED_OVER', 'commit', true), target).taken).toEqual([])
      expect(settle(row('PURGING', 'commit', true), target).taken).toEqual(['purge'])
      expect(settle(row('PURGED', 'commit', true), target).taken).toEqual([])
    }
  })

  it('an export has no target, an import no source', () => {
    expect(settle(row('DECIDED', 'commit'), 'none').taken).toEqual(['hand-over', 'retire', 'quarantine'])
    expect(settle('none', row('PREPARED')).taken).toEqual(['place', 'admit', 'activate', 'probe', 'close'])
    for (const state of ['VERIFIED', 'DISCARDING'] as const)
      expect(settle('none', row(state)).taken).toEqual(['discard'])
  })
})

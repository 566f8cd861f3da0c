import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { temporaryDirectory } from '../support/temporary-directory.js'

const dieAt = fileURLToPath(new URL('../support/die-at.mjs', import.meta.url))
const program = fileURLToPath(new URL('../scheduling/killed-scheduler.mjs', import.meta.url))

interface State {
  readonly ran: Readonly<Record<string, number>>
  readonly earliest: number | null
  readonly hook: number | null
  readonly hooks: number
  readonly events: number
  readonly failures: number
}

function run(deed: string, site: string, step?: number) {
  const words = [...(step === undefined ? [] : ['--import', dieAt]), program, deed, site]
  const env = { ...process.env, DIE_AT: String(step) }
  return spawnSync(process.execPath, words, { encoding: 'utf8', env })
}

function succeed(deed: string, site: string): string {
  const { status, stdout, stderr } = run(deed, site)
  expect({ deed, status, stderr }).toEqual({ deed, status: 0, stderr: '' })
  return stdout
}

const stateOf = (site: string) => JSON.parse(succeed('look', site)) as State

function prepared(): string {
  const site = join(temporaryDirectory(), 'site.axiom')
  succeed('prepare', site)
  return site
}

/** Does a deed on fresh copies of a site, killed at its first step, its second, and so on to its end. Returns their number. */
function killAtEveryStep(deed: string, look: (site: string) => void): number {
  const from = prepared()
  for (let step = 1; ; step += 1) {
    const site = join(temporaryDirectory(), 'site.axiom')
    cpSync(from, site, { recursive: true })
    const { signal, status } = run(deed, site, step)
    expect([signal, status]).toEqual(signal === null ? [null, 0] : ['SIGKILL', null])
    look(site)
    if (signal === null) return step
  }
}

describe('a process that is killed at any step', () => {
  it.each(['schedule', 'hurry', 'delay', 'unschedule'])(
    'of a deed that changes events (%s) leaves no event that nobody looks for',
    deed => {
      const hooks: unknown[] = []
      killAtEveryStep(deed, site => {
        const { earliest, hook, hooks: count } = stateOf(site)
        expect(count).toBe(1)
        expect(hook).toBeLessThanOrEqual(earliest ?? 0)
        hooks.push([earliest, hook])
        // The node finds all there is to do, and puts the hook right.
        const after = JSON.parse(succeed('tick', site)) as State
        expect(after).toMatchObject({ earliest: after.hook, events: after.hook === null ? 0 : 2 })
      })
      const changesHook = deed === 'schedule' || deed === 'hurry'
      // Killed between the two commits: the hook is there, the event not yet.
      expect(hooks.some(each => `${each}` === '10,5')).toBe(changesHook)
    },
    120_000,
  )

  it('of a tick loses no event and keeps the changes of none twice', () => {
    const steps = killAtEveryStep('tick', site => {
      expect(JSON.parse(succeed('tick', site))).toEqual({
        ran: { once: 1, twice: 2, failing: 0, new: 0, 'of the site': 1 },
        earliest: null,
        hook: null,
        hooks: 0,
        events: 0,
        failures: 1,
      })
    })
    expect(steps).toBeGreaterThan(14)
  }, 120_000)
})

import { Command } from 'commander'
import { describe, expect, it, vi } from 'vitest'
import { offeringDepriveCommand } from '../../../src/cli/commands/offerings/offering-deprive.js'
import { offeringEndowCommand } from '../../../src/cli/commands/offerings/offering-endow.js'
import { offeringListCommand } from '../../../src/cli/commands/offerings/offering-list.js'
import { createSiteCommand } from '../../../src/cli/commands/site/create-site.js'
import { addGlobalOptions } from '../../../src/cli/global-options.js'
import { fakeEnv } from '../../support/fake-env.js'

async function parse(
  declare: (program: Command, env: ReturnType<typeof fakeEnv>, run: () => Promise<void>) => Command,
  words: readonly string[],
): Promise<unknown> {
  const run = vi.fn(async () => {})
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} })
  addGlobalOptions(program)
  declare(program, fakeEnv(), run)
  await program.parseAsync([...words], { from: 'user' })
  return (run.mock.calls as unknown[][])[0]?.[0]
}

describe('what the verbs read', () => {
  it('endow and deprive', async () => {
    const wanted = {
      address: { localpart: 'alice', domain: 'example.com' },
      what: { offering: 'notes', powerup: 'notebooks' },
    }
    expect(await parse(offeringEndowCommand, ['endow', 'alice@example.com', 'notes:notebooks'])).toEqual(wanted)
    expect(await parse(offeringDepriveCommand, ['deprive', 'alice@example.com', 'notes:notebooks'])).toEqual(wanted)
  })

  it('list', async () => {
    expect(await parse(offeringListCommand, ['list', '--installed'])).toEqual({ installed: true })
  })

  it('create-site', async () => {
    const words = ['create-site', 'a.axiom', '--admin', 'admin@example.com', '--public-url', 'https://example.com']
    expect(await parse(createSiteCommand, words)).toEqual({
      directory: 'a.axiom',
      admin: { localpart: 'admin', domain: 'example.com' },
      publicUrl: 'https://example.com',
    })
  })

  it('create-site refuses a malformed administrator', async () => {
    await expect(parse(createSiteCommand, ['create-site', 'a.axiom', '--admin', 'nobody'])).rejects.toThrow(
      'has no "@"',
    )
  })
})

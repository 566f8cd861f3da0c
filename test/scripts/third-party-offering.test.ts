import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Finished, mantissa } from '../support/mantissa.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

const MANIFEST = {
  name: '@somebody/polls',
  version: '2.1.0',
  description: 'Ask everybody',
  type: 'module',
  mantissa: {
    offerings: './dist/offerings.js',
    provides: [
      {
        name: 'polls',
        description: 'Ask everybody',
        version: '2.1.0',
        powerups: [{ name: 'voter', description: 'May vote' }],
      },
    ],
  },
}

/** As a compiler would leave it, far from any node_modules. */
const CODE = `
import { boolean, defineInterface, defineOffering, integer, item, registerItemTypes, text } from 'mantissa'
const IVoter = defineInterface('somebody.polls.IVoter')
class Voter extends item({
  typeName: 'polls_voter', version: 1, module: 'axiom.item',
  attributes: { votes: integer({ allowNull: false, default: 0, doc: 'How often.' }), name: text() },
  powerupInterfaces: [IVoter],
}) {}
class Register extends item({
  typeName: 'polls_register', version: 1, module: 'axiom.item', attributes: { open: boolean({ default: true }) },
}) {}
registerItemTypes(Voter, Register)
export const offerings = [defineOffering({
  name: 'polls', description: 'Ask everybody', version: '2.1.0', appPowerups: [Register],
  installablePowerups: [{ name: 'voter', description: 'May vote', itemClass: Voter }],
})]
`

let cwd: string
let source: string

async function run(words: string, status = 0): Promise<Finished> {
  const finished = await mantissa(words, { cwd })
  expect({ code: finished.code, err: status === 0 ? '' : finished.err }).toEqual({
    code: status,
    err: status === 0 ? '' : finished.err,
  })
  return finished
}

function makePackage(code: string): string {
  const directory = join(temporaryDirectory(), 'polls')
  mkdirSync(join(directory, 'dist'), { recursive: true, mode: 0o755 })
  writeFileSync(join(directory, 'package.json'), JSON.stringify(MANIFEST), { mode: 0o644 })
  writeFileSync(join(directory, 'dist/offerings.js'), code, { mode: 0o644 })
  return directory
}

beforeEach(async () => {
  cwd = temporaryDirectory()
  source = makePackage(CODE)
  await run('create-site site.axiom --admin admin@example.com --generate')
})

describe('an offering of somebody else', () => {
  it('is added, installed, handed out and taken back', async () => {
    expect((await run(`offering add-source ${source} -n`)).out).toBe(`${source}\tplanned\tpolls\n`)
    expect((await run(`offering add-source ${source}`)).out).toBe(`${source}\tdone\tpolls\n`)
    expect((await run(`offering add-source ${source}`)).out).toBe(`${source}\talready\tpolls\n`)
    expect((await run('offering list')).out).toContain('polls\tavailable\t2.1.0\t0\tAsk everybody\n')
    expect((await run('offering install polls')).out).toBe('polls\tdone\tapp/polls.axiom\n')
    expect((await run('offering install polls')).out).toBe('polls\talready\t\n')
    expect((await run('offering endow admin@example.com polls:voter')).out).toBe(
      'admin@example.com\tpolls\tdone\tvoter\n',
    )
    expect((await run('offering endow Admin@example.com polls')).out).toBe('admin@example.com\tpolls\talready\tvoter\n')
    const shown = JSON.parse((await run('offering show polls --json')).out)
    expect(shown).toMatchObject({
      name: 'polls',
      status: 'installed',
      source,
      store: 'files/app/polls.axiom',
      users: 1,
      powerups: [{ name: 'voter', description: 'May vote' }],
    })
    expect((await run('offering deprive admin@example.com polls')).out).toBe('admin@example.com\tpolls\tdone\tvoter\n')
    expect((await run('offering deprive admin@example.com polls')).out).toContain('already')
  })

  it('stays installed and listed when its code is gone, and can no longer be handed out', async () => {
    await run(`offering add-source ${source}`)
    await run('offering install polls')
    await run('offering endow admin@example.com polls')
    writeFileSync(join(source, 'package.json'), '{}')
    expect(JSON.parse((await run('offering list --json --installed')).out)[1]).toMatchObject({
      name: 'polls',
      status: 'installed',
      source: null,
      description: null,
    })
    expect((await run('offering deprive admin@example.com polls', 3)).err).toContain(
      'the code of offering polls is not at hand',
    )
  })

  it('is not run by verbs that only read, nor when it is added', async () => {
    const ending = makePackage('process.exit(99)')
    await run(`offering add-source ${ending}`)
    await run('offering list')
    await run('offering show polls')
    await run('offering install polls', 99)
  })

  it('changes nothing when its code is broken or somebody else could have written it', async () => {
    await run(`offering add-source ${source}`)
    writeFileSync(join(source, 'dist/offerings.js'), "import 'nothing-of-this-name'")
    expect((await run('offering install polls', 6)).err).toContain('cannot load offerings')
    chmodSync(join(source, 'dist'), 0o777)
    expect((await run('offering install polls', 5)).err).toContain('can be written by others')
    expect((await run('offering list --installed')).out.split('\n')).toHaveLength(2)
  })

  it('is not found in the current directory', async () => {
    writeFileSync(join(cwd, 'package.json'), JSON.stringify(MANIFEST))
    mkdirSync(join(cwd, 'dist'))
    writeFileSync(join(cwd, 'dist/offerings.js'), 'process.exit(99)')
    expect((await run('offering install polls', 3)).err).toContain('there is no offering polls')
  })
})

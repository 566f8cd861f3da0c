import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { cloneFixture } from '../../support/fixtures.js'
import { mantissa } from '../../support/mantissa.js'
import { differences, rawRowsBelow } from '../../support/raw-rows.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

let cwd: string

const run = (words: string) => mantissa(words, { cwd, variables: { MANTISSA_SITE: 'east.axiom' } })

async function succeed(words: string): Promise<string> {
  const { code, out, err } = await run(words)
  expect(`${code} ${code === 0 ? '' : err}`).toBe('0 ')
  return out
}

async function refuse(words: string): Promise<{ readonly code: string; readonly hint: string; readonly exit: number }> {
  const { code, err } = await run(`${words} --json`)
  const { error } = JSON.parse(err.slice(err.indexOf('{'))) as { error: { code: string; hint: string } }
  return { ...error, exit: code ?? 0 }
}

/** The offerings of the original have no code here; this stands in for it. */
function makePackage(): string {
  const directory = join(cwd, 'originals')
  mkdirSync(directory, { mode: 0o700 })
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({
      name: 'originals',
      type: 'module',
      mantissa: {
        offerings: './offerings.js',
        provides: [
          { name: 'People', version: '1.0.0' },
          { name: 'mantissa', requires: ['People'] },
        ],
      },
    }),
    { mode: 0o600 },
  )
  writeFileSync(
    join(directory, 'offerings.js'),
    `import { defineOffering, integer, item } from 'mantissa'
     class Register extends item({
       typeName: 'originals_register', version: 1, module: 'axiom.item', attributes: { entries: integer({ default: 0 }) },
     }) {}
     const prepareSite = () => store => store.create(Register, { entries: 7 })
     export const offerings = [
       defineOffering({ name: 'People', description: '', siteRequirements: [{ itemClass: Register }] }),
       defineOffering({ name: 'mantissa', description: '', itemTypes: [Register], prepareSite }),
     ]`,
    { mode: 0o600 },
  )
  return directory
}

beforeEach(async () => {
  cwd = temporaryDirectory()
  await succeed('create-site west.axiom')
})

describe('the application stores of the original', () => {
  it('move to a fresh site with the code of their offerings; everybody else stays as they are', async () => {
    const site = cloneFixture('divmod-site.axiom')
    const east = `--site ${site}`
    const refused = await refuse(`transfer-user People ${east} --to west.axiom`)
    expect(refused).toMatchObject({ code: 'APP_STORE_NEEDS_CODE', exit: 4 })
    expect(refused.hint).toBe(
      `say where its package is: mantissa --site ${join(cwd, 'west.axiom')} offering add-source <dir>`,
    )
    await succeed(`offering add-source ${makePackage()} --site west.axiom`)
    const plan = JSON.parse(await succeed(`transfer-user People ${east} --to west.axiom --dry-run --json`))
    expect(plan).toMatchObject({
      address: 'People',
      application: {
        offering: 'People',
        urls: ['/People/'],
        versionHere: null,
        versionThere: '1.0.0',
        siteRequirements: ['originals_register'],
      },
    })
    expect(plan.warnings.join('\n')).toMatch(
      /known to its code alone.*made in the site that takes it in: originals_register/s,
    )

    const [before, people] = [rawRowsBelow(site), rawRowsBelow(join(site, 'files/app/People.axiom'))]
    const accounts = rawRowsBelow(join(site, 'files/account'))
    await succeed(`transfer-user People ${east} --to west.axiom`)
    expect(rawRowsBelow(join(cwd, 'west.axiom/files/app/People.axiom'))).toEqual(people)
    expect(rawRowsBelow(join(site, 'files/account'))).toEqual(accounts)
    const changed = differences(before, rawRowsBelow(site)).filter(
      line => !/ (files\/app\/People|temp\/moved-)/.test(line),
    )
    expect(changed).toEqual([
      '- item_login_method_v2 47',
      '- item_login_v3 46',
      '- item_mantissa_installed_offering_v1 49',
      '- item_mantissa_public_web_v3 48',
      '- item_substore_v1 45',
      '~ axiom_objects 45-49',
    ])
    await succeed(`user alice@example.org ${east}`)

    const list = await succeed(`offering list ${east}`)
    expect(list).toContain(`People\tmoved to ${join(cwd, 'west.axiom')}\t`)
    expect(JSON.parse(await succeed(`offering show People ${east} --json`))).toMatchObject({ status: 'moved' })
    expect(await refuse(`user People ${east}`)).toMatchObject({ code: 'MOVED', exit: 3 })
    await succeed(`transfer-user mantissa ${east} --to west.axiom`)
    expect(JSON.parse(await succeed('info --json --site west.axiom'))).toMatchObject({
      offerings: ['mantissa-base', 'People', 'mantissa'],
    })
    expect(await succeed('check --site west.axiom --full')).toBe('')
    // Somebody here uses it.
    expect(await refuse(`transfer-user People --site west.axiom --to ${site}`)).toMatchObject({
      code: 'OFFERING_REQUIRED',
      exit: 4,
    })
    await succeed(`offering add-source ${join(cwd, 'originals')} ${east}`)
    const back = await run(`transfer-user mantissa --site west.axiom --to ${site}`)
    expect(back).toMatchObject({ code: 0, err: expect.stringContaining('not installed there yet: People') })
    await succeed(`transfer-user mantissa ${east} --to west.axiom`)
    // What both have made in the site, once.
    expect(await succeed('sql "SELECT count(*) FROM item_originals_register_v1" --site west.axiom')).toBe('2\n')
  }, 60_000)
})

describe('an application store', () => {
  it('is exported, imported, and begun anew under its name', async () => {
    await succeed('create-site east.axiom')
    await succeed('offering install notes')
    expect(await succeed('export-user notes')).toContain('notes.tar.gz')
    expect(await refuse('export-user notes . --format directory')).toMatchObject({
      code: 'APP_STORE_NEEDS_ARCHIVE',
      exit: 2,
    })
    expect(await refuse('import-user notes.tar.gz --as a@example.com --site west.axiom')).toMatchObject({
      code: 'APP_STORE_NOT_RENAMABLE',
      exit: 4,
    })
    const { out, err } = await run('import-user notes.tar.gz --site west.axiom --json')
    expect(JSON.parse(out)).toMatchObject({ status: 'imported', address: 'notes', offering: 'notes', identity: 'new' })
    expect(err).toContain('notes: it is the application store of the offering notes, which is installed with it')
    await succeed('create-site north.axiom')
    const moved = await run('transfer-user notes --to north.axiom')
    expect(moved).toMatchObject({ code: 0, err: expect.stringContaining('the offering notes leaves this site') })
    expect(JSON.parse(await succeed('transfer list --json'))).toMatchObject([{ address: 'notes', offering: 'notes' }])
    expect(await refuse('offering install notes')).toMatchObject({
      code: 'ADDRESS_MOVED',
      hint: expect.stringContaining('--reuse-name'),
    })
    await succeed('offering install notes --reuse-name')
    expect(await succeed('offering list --installed')).toContain('notes\tinstalled\t')
  })
})

import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createAccount } from '../../src/accounts/create-account.js'
import { getAccountByAddress } from '../../src/accounts/find-account.js'
import { parseAddress } from '../../src/base/address.js'
import { notes } from '../../src/bundled/notes/offering.js'
import { createSite } from '../../src/offerings/create-site.js'
import { endow } from '../../src/offerings/endow.js'
import { installOffering } from '../../src/offerings/install-offering.js'
import { Site } from '../../src/site/site.js'
import { DiskShape, type RawItem, renumbered, type TypeShape } from '../support/disk-shape.js'
import { cloneFixture } from '../support/fixtures.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** Values that no two sites share. */
const PASSING = new Set(['privateKey', 'lastCredentialsChange', 'passwordHash', 'httpLog'])

const ADMIN = 'files/account/example.org/admin.axiom'
const ALICE = 'files/account/example.org/alice.axiom'
const BOB = 'files/account/example.org/bob.axiom'

async function makeSite(): Promise<string> {
  const directory = join(temporaryDirectory(), 'new.axiom')
  await createSite(directory, {
    adminAddress: parseAddress('admin@example.org'),
    adminPasswordHash: async () => '$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHQ$aGFzaA',
  })
  using site = Site.open(directory)
  createAccount(site, { address: parseAddress('bob@example.org'), passwordHash: null, internal: false })
  return directory
}

/** The items with these storeIDs, numbered by their place and without what cannot be equal. */
function itemsOf(directory: string, chosen?: readonly number[]): readonly RawItem[] {
  using shape = new DiskShape(directory)
  const items = shape.items().filter(each => chosen === undefined || chosen.includes(each.storeID))
  return renumbered(items, shape.references()).map(each => ({
    ...each,
    values: Object.fromEntries(Object.entries(each.values).filter(([name]) => !PASSING.has(name))),
  }))
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

it('writes every type of a site, an administrator and a user exactly as the original does', async () => {
  const real = cloneFixture('divmod-site.axiom')
  const ours = await makeSite()
  for (const [store, model] of [
    ['.', '.'],
    [ADMIN, ADMIN],
    [BOB, ALICE],
    ['files/app/mantissa-base.axiom', 'files/app/mantissa-base.axiom'],
  ] as const) {
    using written = new DiskShape(join(ours, store))
    using expected = new DiskShape(join(real, model))
    expect(written.base()).toEqual(expected.base())
    const types = expected.types()
    for (const [name, type] of written.types()) expect({ name, ...type }).toEqual({ name, ...types.get(name) })
  }
})

it('writes the rows of a new site in the order and with the values of the original, SSH left out', async () => {
  const real = cloneFixture('divmod-site.axiom')
  const ours = await makeSite()
  const withoutSsh = [...range(1, 13), ...range(17, 27), ...range(31, 36)]
  expect(itemsOf(ours, range(1, 30))).toEqual(itemsOf(real, withoutSsh))
})

it('writes the rows of an administrator as the original does for the powerups that are kept', async () => {
  const real = cloneFixture('divmod-site.axiom')
  const ours = await makeSite()
  const kept = [...range(1, 26), ...range(30, 32), ...range(39, 44), ...range(51, 53)]
  expect(itemsOf(join(ours, ADMIN))).toEqual(itemsOf(join(real, ADMIN), kept))
})

it('writes the rows of an external account as `userbase create` does', async () => {
  const real = cloneFixture('divmod-site.axiom')
  const ours = await makeSite()
  const bob = itemsOf(real, range(62, 64)).map(each =>
    each.type === 'login v3' ? { ...each, values: { ...each.values, disabled: 0n } } : each,
  )
  expect(itemsOf(ours, range(31, 33))).toEqual(bob)
  expect(itemsOf(join(ours, BOB)).map(each => each.type)).toEqual(['login v3', 'login_method v2'])
})

it('stays readable for the original after offerings of our own were installed and handed out', async () => {
  const known = typesOfTheOriginal(cloneFixture('divmod-site.axiom'))
  const ours = await makeSite()
  using site = Site.open(ours)
  await installOffering(site, notes)
  endow(site, getAccountByAddress(site, parseAddress('bob@example.org')), notes)
  const strange: string[] = []
  for (const store of ['.', BOB, ADMIN, 'files/app/mantissa-base.axiom', 'files/app/notes.axiom']) {
    using shape = new DiskShape(join(ours, store))
    for (const [name, type] of shape.types()) {
      const model = known.get(name)
      if (model !== undefined) expect({ name, ...type }).toEqual({ name, ...model })
      else strange.push(`${name} of ${type.module}`)
    }
  }
  // A module that the original can import and that does not define the type is what lets it open the store.
  expect(strange.sort()).toEqual(['notes_application v1', 'notes_timeline v1'].map(name => `${name} of axiom.item`))
})

function typesOfTheOriginal(site: string): Map<string, TypeShape> {
  const stores = ['.', ADMIN, ALICE, 'files/account/example.net/carol.axiom', 'files/app/mantissa.axiom']
  return new Map(
    stores.flatMap(store => {
      using shape = new DiskShape(join(site, store))
      return [...shape.types()]
    }),
  )
}

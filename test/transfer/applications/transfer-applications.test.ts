import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { getAccountByAddress } from '../../../src/accounts/find-account.js'
import { parseExistingAddress } from '../../../src/base/address.js'
import { addSource } from '../../../src/offerings/add-source.js'
import { endow } from '../../../src/offerings/endow.js'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { InstalledOffering } from '../../../src/offerings/installed-offering.js'
import { getOfferingState, listOfferings } from '../../../src/offerings/list-offerings.js'
import { loadOffering } from '../../../src/offerings/load-offering.js'
import { IService, ISiteRootPlugin } from '../../../src/offerings/site-items/interfaces.js'
import { FrontPage, PublicWeb } from '../../../src/offerings/site-items/public-pages.js'
import { scheduledTick } from '../../../src/scheduling/parent-hook.js'
import { Site } from '../../../src/site/site.js'
import { listTombstones } from '../../../src/site/tombstones.js'
import { listTransfers } from '../../../src/site/transfers-journal.js'
import { PowerupConnector } from '../../../src/store-engine/powerups/powerup.js'
import { SubStore } from '../../../src/store-engine/sub-store.js'
import { planUserTransfer, transferUser } from '../../../src/transfer/transfer-user.js'
import { cloneFixture } from '../../support/fixtures.js'
import { rawRowsBelow } from '../../support/raw-rows.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { addUser, keep, newSite } from '../two-sites.js'
import { applicationOf, DUE, expectNotes, faultsOf, NOTES, rowsOfNotes, siteWithNotes } from './notes-sites.js'

describe('the application store of an offering', () => {
  it('moves with the records of its offering, row by row, and the source says where it went', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    const before = rowsOfNotes(source)
    const result = await transferUser(source, NOTES, { to: target })
    expect(result).toMatchObject({ address: 'notes', addresses: ['notes'], offering: 'notes', epoch: 1 })
    expectNotes(target, true)
    expectNotes(source, false)
    expect(rowsOfNotes(target)).toEqual(before)
    expect(applicationOf(target)?.storepath).toBe(join(target.directory, 'files/app/notes.axiom'))
    expect(scheduledTick(target.store, applicationOf(target) as SubStore)?.microseconds).toBe(DUE)
    expect(source.store.query(SubStore).count()).toBe(0)
    expect(getOfferingState(source, 'notes')).toMatchObject({ status: 'moved', movedTo: target.directory, store: null })
    expect(getOfferingState(target, 'notes')).toMatchObject({ status: 'installed', movedTo: null })
    expect([await faultsOf(source), await faultsOf(target)]).toEqual([[], []])
    expect(listTransfers(target)[0]?.plan).toMatchObject({ application: { offering: 'notes' } })
  })

  it('goes to and fro as often as one likes', async () => {
    const sites = [await siteWithNotes(), newSite('to.axiom')] as const
    const before = rowsOfNotes(sites[0])
    for (let epoch = 1; epoch <= 4; epoch++) {
      const [from, to] = epoch % 2 === 1 ? sites : [...sites].reverse()
      expect(await transferUser(from as Site, NOTES, { to: to as Site })).toMatchObject({ epoch })
    }
    expectNotes(sites[0], true)
    expect(rowsOfNotes(sites[0])).toEqual(before)
    expect(listOfferings(sites[0]).find(({ name }) => name === 'notes')?.status).toBe('installed')
    expect([await faultsOf(sites[0]), await faultsOf(sites[1])]).toEqual([[], []])
  })

  it('is told beforehand with all that it means for the site, and nothing is touched', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    addUser(source, 'alice@example.com')
    endow(source, getAccountByAddress(source, parseExistingAddress('alice@example.com')), await loadOffering('notes'))
    source.store.create(FrontPage, { defaultApplication: applicationOf(source) ?? null })
    const rows = [rawRowsBelow(source.directory), rawRowsBelow(target.directory)]
    const plan = await planUserTransfer(source, NOTES, { to: target })
    expect(plan.application).toMatchObject({
      offering: 'notes',
      versionHere: '1.0.0',
      versionThere: '1.0.0',
      urls: ['/notes/'],
      users: 1,
      shares: 2,
      isFrontPage: true,
      referrers: [],
      siteRequirements: [],
    })
    const told = plan.warnings.join('\n')
    for (const part of [
      '/notes/ leads nowhere until',
      'something of it here: 1',
      'no longer find here: 2',
      'front page',
      '--reuse-name',
    ])
      expect(told).toContain(part)
    expect([rawRowsBelow(source.directory), rawRowsBelow(target.directory)]).toEqual(rows)
  })

  it('counts who has something of it also where only the stores tell', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    for (const name of ['alice@example.com', 'bob@example.com']) addUser(source, name)
    endow(source, getAccountByAddress(source, parseExistingAddress('alice@example.com')), await loadOffering('notes'))
    source.store.transact(() => source.store.sql.run('DELETE FROM mantissa_endowment'))
    const { application } = await planUserTransfer(source, NOTES, { to: target })
    expect(application?.users).toBe(1)
  })

  it('leaves people their items, and the front page without it', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    addUser(source, 'alice@example.com')
    endow(source, getAccountByAddress(source, parseExistingAddress('alice@example.com')), await loadOffering('notes'))
    const frontPage = source.store.create(FrontPage, { defaultApplication: applicationOf(source) ?? null })
    const alice = () => rawRowsBelow(join(source.directory, 'files/account'))
    const before = alice()
    await transferUser(source, NOTES, { to: target })
    expect(alice()).toEqual(before)
    expect(source.store.sql.value(`SELECT defaultApplication FROM item_mantissa_front_page_v2`)).toBeNull()
    expect(frontPage.defaultApplication).toBeNull()
    expect(getOfferingState(source, 'notes').users).toBe(1)
    expect(await faultsOf(source)).toEqual([])
  })

  it('takes along what it answers for on the site, and how its pages are plugged in', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    const page = source.store.findUnique(PublicWeb)
    Object.assign(page, { sessioned: true, installedOn: source.store })
    source.store.powerUp(page, ISiteRootPlugin, -256)
    source.store.powerUp(applicationOf(source) as SubStore, IService, 7)
    await transferUser(source, NOTES, { to: target })
    const arrived = target.store.findUnique(PublicWeb)
    expect(arrived).toMatchObject({ sessioned: true, sessionless: false, installedOn: target.store })
    const connectors = (site: Site) =>
      site.store
        .query(PowerupConnector)
        .toArray()
        .filter(({ powerup }) => powerup instanceof PublicWeb || powerup instanceof SubStore)
        .map(each => [each.interface, each.priority, each.item === site.store])
    expect(connectors(target)).toEqual([
      [ISiteRootPlugin.name, -256, true],
      [IService.name, 7, true],
    ])
    expect(connectors(source)).toEqual([])
    expect([await faultsOf(source), await faultsOf(target)]).toEqual([[], []])
  })

  it('has its name reserved at the target while it is on its way', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    const notes = await loadOffering('notes')
    const tries: Promise<unknown>[] = []
    await transferUser(source, NOTES, {
      to: target,
      observe: (step, moment) => {
        if (step === 'seal' && moment === 'after') tries.push(installOffering(target, notes).catch(error => error.code))
      },
    })
    expect(await Promise.all(tries)).toEqual(['ADDRESS_RESERVED'])
    expectNotes(target, true)
  })

  it('has its own name at the target, whatever lies in the directory that it would have', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    mkdirSync(join(target.directory, 'files/app/notes.axiom'), { recursive: true })
    await transferUser(source, NOTES, { to: target })
    expect(applicationOf(target)?.storepath).toBe(join(target.directory, 'files/app/notes~2.axiom'))
    expectNotes(target, true)
  })
})

describe('an offering whose application store has left', () => {
  it('is installed anew only where somebody says so', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    await transferUser(source, NOTES, { to: target })
    const notes = await loadOffering('notes')
    await expect(installOffering(source, notes)).rejects.toMatchObject({ code: 'ADDRESS_MOVED' })
    await installOffering(source, notes, { reuseName: true })
    expect(getOfferingState(source, 'notes')).toMatchObject({ status: 'installed', movedTo: null })
    expect(await faultsOf(source)).toEqual([])
    await expect(transferUser(target, NOTES, { to: source })).rejects.toMatchObject({
      code: 'OFFERING_ALREADY_INSTALLED',
    })
    expectNotes(target, true)
  })
})

/** A package that declares offerings; none of its code is ever run here. */
function declare(...provides: readonly { readonly name: string; readonly requires?: readonly string[] }[]): string {
  const directory = temporaryDirectory()
  const mantissa = { offerings: './offerings.js', provides: provides.map(each => ({ description: '', ...each })) }
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'some', mantissa }), { mode: 0o600 })
  writeFileSync(join(directory, 'offerings.js'), '', { mode: 0o600 })
  return directory
}

describe('an application store does not move, and nothing is changed,', () => {
  const refused = async (source: Site, target: Site, name = 'notes') => {
    const before = [rawRowsBelow(source.directory), rawRowsBelow(target.directory)]
    const error = await transferUser(source, parseExistingAddress(name), { to: target }).then(
      () => undefined,
      (reason: { code: string; hint: string }) => reason,
    )
    expect([rawRowsBelow(source.directory), rawRowsBelow(target.directory)]).toEqual(before)
    expect([...listTransfers(source), ...listTransfers(target)]).toEqual([])
    return error
  }

  it('where the offering is installed, in whatever letter case', async () => {
    const [source, target] = [await siteWithNotes(), await siteWithNotes('to.axiom')]
    expect(await refused(source, target)).toMatchObject({ code: 'OFFERING_ALREADY_INSTALLED' })
    expect(await refused(source, target, 'NOTES')).toMatchObject({ code: 'OFFERING_ALREADY_INSTALLED' })
  })

  it('where its pages are those of another', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    const application = target.store.create(SubStore, { storepath: target.store.filePath('app', 'other.axiom') })
    target.store.create(PublicWeb, { application, prefixURL: 'Notes' })
    expect(await refused(source, target)).toMatchObject({ code: 'URL_PREFIX_TAKEN' })
  })

  it('where its name has moved away from, unless somebody says that it may take it', async () => {
    const [source, target, third] = [await siteWithNotes(), await siteWithNotes('to.axiom'), newSite('third.axiom')]
    await transferUser(target, NOTES, { to: third })
    await expect(transferUser(source, NOTES, { to: target })).rejects.toMatchObject({
      code: 'ADDRESS_MOVED',
      hint: expect.stringContaining('--reuse-name'),
    })
    expectNotes(source, true)
    const plan = await planUserTransfer(source, NOTES, { to: target, reuseNames: true })
    expect(plan.application).toMatchObject({ offering: 'notes' })
    await transferUser(source, NOTES, { to: target, reuseNames: true })
    expectNotes(source, false)
    for (const site of [target, third]) expectNotes(site, true)
    expect([...listTombstones(target)]).toEqual([])
    expect(getOfferingState(target, 'notes')).toMatchObject({ status: 'installed', movedTo: null })
  })

  it('while another offering of its site uses it', async () => {
    const [source, target] = [await siteWithNotes(), newSite('to.axiom')]
    addSource(source, declare({ name: 'digest', requires: ['Notes'] }))
    source.store.create(InstalledOffering, { offeringName: 'digest', application: null })
    expect(await refused(source, target)).toMatchObject({
      code: 'OFFERING_REQUIRED',
      message: expect.stringContaining('digest'),
    })
  })

  it('of the original, where the target has not got the code of the offering', async () => {
    const source = keep(Site.open(cloneFixture('divmod-site.axiom')))
    for (const name of ['People', 'mantissa', 'mantissa-amp']) {
      const error = await refused(source, newSite(), name)
      expect(error, name).toMatchObject({
        code: 'APP_STORE_NEEDS_CODE',
        hint: expect.stringMatching(/--site .*site\.axiom offering add-source <dir>$/),
      })
    }
  })

  it('where it makes a store a site, or is of no offering', async () => {
    const source = keep(Site.open(cloneFixture('divmod-site.axiom')))
    expect(await refused(source, newSite(), 'mantissa-base')).toMatchObject({ code: 'APP_STORE_NOT_MOVABLE' })
    const lost = await siteWithNotes('lost.axiom')
    lost.store.query(InstalledOffering).deleteFromStore()
    expect(await refused(lost, newSite())).toMatchObject({
      code: 'APP_STORE_NOT_MOVABLE',
      message: expect.stringContaining('no offering is installed for it'),
    })
  })
})

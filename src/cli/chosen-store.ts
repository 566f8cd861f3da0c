/**
 * Which store the verbs of `looking/` work on: the site's own, or with `--user`, `--app` or `--store` another one.
 *
 * A store below a site is opened as its substore, so that it knows its parent; one that lies elsewhere is opened on its
 * own, without any site. Stores with newer or unknown item types open too.
 */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { InvalidInputError, NotFoundError } from '../base/errors.js'
import { assertInside, safeJoin } from '../base/safe-path.js'
import type { Site } from '../site/site.js'
import type { Store } from '../store-engine/store.js'
import type { SubStore } from '../store-engine/sub-store.js'
import type { CommandContext } from './command-context.js'
import { openSiteAt, openSiteFor } from './open-site.js'

export interface StoreChoice {
  readonly user?: string
  readonly app?: string
  readonly store?: string
}

/** Closes the store and the site with it. */
export interface ChosenStore extends Disposable {
  readonly store: Store
  /** The site that it belongs to; undefined for a store on its own. */
  readonly site: Site | undefined
}

export interface OpenChosenOptions {
  /** The store can be written, and the site too but in a dry run. */
  readonly write: boolean
}

const ABOUT_PATH = 'the store in this directory: below files/ of the site, or with ./ or / in front anywhere'

export function addStoreOptions(command: Command): Command {
  return command
    .option('--user <address>', 'the store of this user instead of the one of the site')
    .option('--app <offering>', 'the application store of this offering')
    .option('--store <path>', ABOUT_PATH)
}

/** What a record of the audit log says of the choice. */
export function givenChoice({ user, app, store }: StoreChoice): Record<string, string> {
  const given = Object.entries({ user, app, store }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as Record<string, string>
}

/**
 * @throws NoSuchUserError, OfferingNotInstalledError, NotAStoreError, IntegrityError (`PATH_ESCAPES`) where a link leads
 *   out of the site, and what else opening a store may raise.
 */
export async function openChosenStore(
  context: CommandContext,
  choice: StoreChoice,
  options: OpenChosenOptions,
): Promise<ChosenStore> {
  if (Object.keys(givenChoice(choice)).length > 1) {
    throw new InvalidInputError('--user, --app and --store exclude each other', {
      code: 'USAGE',
      hint: 'give one of them',
    })
  }
  if (choice.store !== undefined && /^(?:\.{0,2}\/|\.{1,2}$)/.test(choice.store))
    return await openAnywhere(context, resolve(context.env.currentDirectory, choice.store), options)
  const site = await openSiteFor(context, { write: options.write, tolerateNewer: true })
  try {
    return chosen(site, await openBelow(site, choice, options))
  } catch (error) {
    site.close()
    throw error
  }
}

async function openBelow(site: Site, choice: StoreChoice, options: OpenChosenOptions): Promise<Store> {
  const { user, app, store } = choice
  if (user !== undefined) return openSubStore(await subStoreOfUser(site, user), options)
  if (app !== undefined) return openSubStore(await subStoreOfOffering(site, app), options)
  if (store !== undefined) {
    const files = site.store.filesDirectory ?? ''
    return await openRecorded(site, safeJoin(files, ...store.split('/')), options)
  }
  // In a dry run the site is open for reading only.
  return options.write && site.readonly ? await openAlone(site.directory, options) : site.store
}

async function subStoreOfUser(site: Site, address: string): Promise<SubStore> {
  const { subStoreOf } = await import('../accounts/account-rows.js')
  const { getAccountByAddress } = await import('../accounts/find-account.js')
  const { parseExistingAddress } = await import('../base/address.js')
  const subStore = subStoreOf(getAccountByAddress(site, parseExistingAddress(address)))
  if (subStore !== undefined) return subStore
  throw new NotFoundError(`${address} has no store`, { hint: `look at the account with: mantissa user ${address}` })
}

async function subStoreOfOffering(site: Site, offering: string): Promise<SubStore> {
  const { getInstalledOffering } = await import('../offerings/installed-offerings.js')
  const { OfferingNotInstalledError } = await import('../offerings/offering-errors.js')
  const { application } = getInstalledOffering(site.store, offering)
  if (application === null) throw new OfferingNotInstalledError(offering)
  return application
}

/** Wherever it lies; with its site where it lies below one. */
async function openAnywhere(context: CommandContext, path: string, options: OpenChosenOptions): Promise<ChosenStore> {
  const owner = existsSync(path) ? siteAbove(realpathSync(path)) : undefined
  if (owner === undefined) return chosen(undefined, await openAlone(path, options))
  const site = await openSiteAt(context, owner, { write: options.write, tolerateNewer: true })
  try {
    return chosen(site, await openRecorded(site, realpathSync(path), options))
  } catch (error) {
    site.close()
    throw error
  }
}

/** The outermost store in whose `files/` the path lies. */
function siteAbove(path: string): string | undefined {
  const parts = path.split(sep)
  const ancestors = parts.map((_, index) => parts.slice(0, index).join(sep)).filter(each => each !== '')
  return ancestors.find(each => path.startsWith(join(each, 'files') + sep) && existsSync(join(each, 'db.sqlite')))
}

/** A directory below `files/`: with the item that the site has for it, or on its own where the site knows nothing of it. */
async function openRecorded(site: Site, directory: string, options: OpenChosenOptions): Promise<Store> {
  const { SubStore } = await import('../store-engine/sub-store.js')
  assertInside(site.store.filesDirectory ?? '', existsSync(directory) ? directory : dirname(directory))
  const recorded = site.store.findFirst(SubStore, SubStore.storepath.equals(directory))
  return recorded === undefined ? await openAlone(directory, options) : openSubStore(recorded, options)
}

function openSubStore(subStore: SubStore, { write }: OpenChosenOptions): Store {
  return subStore.open({ readonly: !write, tolerateNewer: true })
}

async function openAlone(directory: string, { write }: OpenChosenOptions): Promise<Store> {
  const { Store } = await import('../store-engine/store.js')
  return Store.open(directory, { readonly: !write, tolerateNewer: true })
}

function chosen(site: Site | undefined, store: Store): ChosenStore {
  return {
    site,
    store,
    [Symbol.dispose]() {
      store.close()
      site?.close()
    },
  }
}

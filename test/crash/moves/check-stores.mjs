/** The stores of users and the directories of sites, for `checker.mjs`: who owns what, and what is left over. */
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { isStore } from './read-site.mjs'

export function wrongsOfStores(sites, stores) {
  return [
    ...stores.flatMap(store => [...wrongsOfFence(store), ...(isAside(store) ? [] : wrongsOfNaming(store))]),
    ...sites.flatMap(site => wrongsOfAccountsOf(site, stores)),
    ...wrongsOfIds(sites, stores),
  ]
}

/** `active` also for a store that was never moved and has no fence. */
export function stateOf({ fences }) {
  return fences.length === 0 ? 'active' : fences[0].state
}

function isAside({ path }) {
  return path.startsWith('temp/')
}

function wrongsOfFence(store) {
  const { path, fences, integrity, site } = store
  const where = join(site.directory, path)
  const wrongs = integrity === 'ok' ? [] : [`${where} is damaged: ${integrity}`]
  if (fences.length > 1) wrongs.push(`${where} has ${fences.length} fences`)
  const wanted = isAside(store) ? 'retired' : 'active'
  if (stateOf(store) !== wanted) wrongs.push(`${where} is ${stateOf(store)}, not ${wanted}`)
  const owner = fences[0]?.owner
  if (stateOf(store) === 'active' && owner !== undefined && owner !== site.siteId)
    wrongs.push(`${where} is owned by ${owner}, not by its site ${site.siteId}`)
  return wrongs
}

function wrongsOfNaming({ site, path }) {
  const named = site.stores.filter(storepath => `files/${storepath}` === path).length
  return named > 1 ? [`${join(site.directory, path)} is named by ${named} items of its site`] : []
}

/** Each account has a store, which knows it as the site does. */
function wrongsOfAccountsOf(site, stores) {
  return site.accounts.flatMap(account => {
    const who = `account ${account.id} of ${site.directory}`
    if (account.storepath === undefined) return [`${who} has no store`]
    const path = `files/${account.storepath}`
    const store = stores.find(each => each.site === site && each.path === path)
    if (store === undefined) return [`${who} has lost its store ${path}`]
    const known = ({ disabled, passwordHash, methods }) => ({
      disabled,
      passwordHash,
      methods: methods.map(asText).sort(),
    })
    const copies = store.accounts.map(known)
    return isDeepStrictEqual(copies, [known(account)]) ? [] : [`the copy in ${path} of ${who} differs from it`]
  })
}

function asText(method) {
  return JSON.stringify(Object.entries(method).sort())
}

/** Exactly one active store for each store id that a fence or a journal names, above all that were it before. */
function wrongsOfIds(sites, stores) {
  const fenced = stores.filter(({ fences }) => fences.length > 0)
  const ids = new Set([
    ...fenced.map(({ fences }) => fences[0].store_id),
    ...sites.flatMap(({ transfers }) => transfers.map(({ store_id }) => store_id)),
  ])
  return [...ids].flatMap(id => {
    const same = fenced.filter(({ fences }) => fences[0].store_id === id)
    const active = same.filter(store => stateOf(store) === 'active')
    if (active.length !== 1)
      return [`${id} has ${active.length} active stores: ${active.map(({ directory }) => directory)}`]
    const epoch = active[0].fences[0].epoch
    const rivals = same.filter(store => store !== active[0] && store.fences[0].epoch >= epoch)
    return rivals.map(
      ({ directory, fences }) => `${directory} is at epoch ${fences[0].epoch}, the active one at ${epoch}`,
    )
  })
}

/** Directories that nothing explains, and that `check` does not name either. */
export function wrongsOfDirectories(sites, tellsOf) {
  return sites.flatMap(site => {
    const unexplained = site.found.filter(path => !isExplained(site, path))
    // What lies in a directory that is left over is left over with it.
    const strays = unexplained.filter(path => !unexplained.includes(dirname(path)))
    const told = strays.length === 0 ? '' : tellsOf(site.directory)
    const kept = site.transfers.filter(isKept).map(({ id }) => `temp/moved-${id}`)
    return [
      ...strays
        .filter(path => !told.includes(path))
        .map(path => `${join(site.directory, path)} is left over, and check does not name it`),
      ...kept.filter(path => !isStore(join(site.directory, path))).map(path => `${path} of ${site.directory} is gone`),
    ]
  })
}

const PLACES = ['files', 'files/account', 'files/app', 'run', 'run/locks', 'run/logs', 'temp']

function isExplained({ stores, transfers }, path) {
  if (PLACES.includes(path) || /^files\/account\/[^/.][^/]*$/.test(path)) return true
  if (stores.some(storepath => `files/${storepath}` === path)) return true
  return transfers.some(transfer => isKept(transfer) && path === `temp/moved-${transfer.id}`)
}

/** What a user who has moved has left behind, until it is purged. */
function isKept({ role, decision, state, confirmed, to_path }) {
  return role === 'source' && decision === 'commit' && state === 'HANDED_OVER' && confirmed !== null && to_path !== null
}

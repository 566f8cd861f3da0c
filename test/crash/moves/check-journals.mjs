/** The journals of sites, for `checker.mjs`: everything has ended, and both sides tell the same. */

export function wrongsOfJournals(sites) {
  return sites.flatMap(site => [
    ...site.reservations.map(({ name, holder }) => `${site.directory} still holds ${name} for ${holder}`),
    ...site.deeds.map(({ kind, id, error }) => `${site.directory} has not ended ${kind} ${id}: ${error}`),
    ...site.transfers.filter(isUnfinished).map(row => `${site.directory} has not ended ${describe(row)}`),
    ...site.transfers.filter(({ role }) => role === 'source').flatMap(row => wrongsOfPair(sites, row)),
    ...wrongsOfTombstones(site),
  ])
}

function isUnfinished({ role, state, is_open, confirmed }) {
  if (is_open === 1 || state === 'PURGING') return true
  return role === 'source' ? state === 'HANDED_OVER' && confirmed === null : state === 'CONFIRMED'
}

/** The target must have what the source has decided. */
function wrongsOfPair(sites, row) {
  const rows = sites.flatMap(({ transfers }) => transfers.filter(({ id, role }) => id === row.id && role === 'target'))
  const ends = rows.map(({ state }) => state)
  const isRight =
    row.decision === 'commit'
      ? ends.length === 1 && ends[0] === 'CLOSED'
      : row.decision === 'abort' && ends.every(state => state === 'DISCARDED')
  return isRight ? [] : [`${describe(row)} was decided to be ${row.decision}, and the target is ${ends}`]
}

/** Where a user has left there is a tombstone for each of their names; where somebody has the name there is none. */
function wrongsOfTombstones({ directory, accounts, transfers, tombstones }) {
  const taken = new Set(accounts.flatMap(({ methods }) => methods.map(m => `${m.localpart}@${m.domain}`.toLowerCase())))
  const buried = new Map(tombstones.map(stone => [stone.name, stone]))
  const wrongs = [...buried.keys()]
    .filter(name => taken.has(name))
    .map(name => `${directory} has ${name} and a tombstone`)
  for (const row of lastMoves(transfers)) {
    if (row.role !== 'source' || row.to_path === null) continue
    for (const name of row.plan.addresses.map(each => each.toLowerCase())) {
      const stone = buried.get(name)
      if (taken.has(name) || (stone?.transfer_id === row.id && stone.target_path === row.to_path)) continue
      wrongs.push(`${directory} does not tell where ${name} went`)
    }
  }
  return wrongs
}

/** For each store the last move that it made, in or out. */
function lastMoves(transfers) {
  const last = new Map()
  const made = transfers.filter(({ role, decision, state }) =>
    role === 'source' ? decision === 'commit' : state === 'CLOSED',
  )
  for (const row of made.sort((a, b) => (a.id < b.id ? -1 : 1))) last.set(row.store_id, row)
  return [...last.values()]
}

function describe({ id, role, state, address, error }) {
  return `transfer ${id} of ${address} (${role}, ${state}${error === null ? '' : `, ${error}`})`
}

/**
 * What the site's rows say of accounts, stores and offerings, held against each other. Whether the copies in the stores
 * agree is asked store by store.
 */
import type { SqlRow } from '../../store-engine/database/sql-value.js'
import { type Fault, type Finding, findingAt, SITE_ITSELF } from './finding.js'
import type { SiteRows } from './site-rows.js'

export function accountFindings(rows: SiteRows): readonly Finding[] {
  return [
    ...methodsWithoutAccount(rows),
    ...accountsWithoutAddress(rows),
    ...addressesOwnedTwice(rows),
    ...addressesAlsoMoved(rows),
    ...accountsWithoutStore(rows),
    ...sharedStores(rows),
    ...unusedStores(rows),
    ...endowmentsWithoutAccount(rows),
    ...offeringsWithoutStore(rows),
  ]
}

const ADDRESS = `m.localpart || ifnull('@' || m.domain, '')`

function methodsWithoutAccount(rows: SiteRows): Finding[] {
  const { accounts } = rows
  if (accounts === undefined) return []
  const sql = `SELECT ${ADDRESS} FROM ${accounts.method} AS m
    WHERE NOT EXISTS (SELECT 1 FROM ${accounts.login} WHERE oid = m.account) ORDER BY m.oid`
  return rows.some(sql).map(([address]) =>
    siteFinding(address, {
      code: 'METHOD_WITHOUT_ACCOUNT',
      message: `the login method ${address} belongs to no account, and its address is taken all the same`,
    }),
  )
}

function accountsWithoutAddress(rows: SiteRows): Finding[] {
  const { accounts } = rows
  if (accounts === undefined) return []
  const sql = `SELECT l.oid FROM ${accounts.login} AS l
    WHERE NOT EXISTS (SELECT 1 FROM ${accounts.method} WHERE account = l.oid) ORDER BY l.oid`
  return rows.some(sql).map(([storeID]) =>
    siteFinding(null, {
      code: 'ACCOUNT_WITHOUT_ADDRESS',
      message: `account ${storeID} has no login method, so nobody can log in to it`,
    }),
  )
}

function addressesOwnedTwice(rows: SiteRows): Finding[] {
  const { accounts } = rows
  if (accounts === undefined) return []
  const sql = `SELECT min(${ADDRESS}), count(DISTINCT m.account) AS owners FROM ${accounts.method} AS m
    WHERE EXISTS (SELECT 1 FROM ${accounts.login} WHERE oid = m.account)
    GROUP BY m.localpart, m.domain HAVING owners > 1 ORDER BY 1`
  return rows.some(sql).map(([address, owners]) =>
    siteFinding(address, {
      code: 'ADDRESS_OWNED_TWICE',
      message: `${owners} accounts own ${address}; who logs in with it is a matter of chance`,
    }),
  )
}

function addressesAlsoMoved(rows: SiteRows): Finding[] {
  const { accounts } = rows
  if (accounts === undefined || !rows.hasPlain('mantissa_tombstone')) return []
  const sql = `SELECT ${ADDRESS} FROM ${accounts.method} AS m WHERE (${ADDRESS}) COLLATE NOCASE IN
    (SELECT name FROM mantissa_tombstone) GROUP BY m.localpart, m.domain ORDER BY min(m.oid)`
  return rows.some(sql).map(([address]) =>
    siteFinding(address, {
      code: 'ADDRESS_ALSO_MOVED',
      message: `${address} is an account here, and is said to have moved to another site`,
    }),
  )
}

function accountsWithoutStore(rows: SiteRows): Finding[] {
  const { accounts } = rows
  if (accounts === undefined) return []
  const sql = `SELECT l.oid, ${nameOf(rows)} FROM ${accounts.login} AS l WHERE l.avatars IS NULL OR (l.avatars <> -1
      AND NOT EXISTS (SELECT 1 FROM axiom_objects WHERE oid = l.avatars AND type_id <> -1 AND type_id <> ${substoreType})
      AND NOT ${existsSubStore(rows, 'l.avatars')}) ORDER BY l.oid`
  return rows.some(sql).map(([storeID, address]) =>
    siteFinding(address, {
      code: 'ACCOUNT_WITHOUT_STORE',
      message: `account ${storeID} stands for a store that the site does not know`,
    }),
  )
}

/** An avatar of another type is no store and no fault. */
const substoreType = `coalesce((SELECT oid FROM axiom_types WHERE typename = 'substore' AND version = 1), -1)`

function sharedStores(rows: SiteRows): Finding[] {
  const { accounts } = rows
  if (accounts === undefined) return []
  const sql = `SELECT min(${nameOf(rows)}), group_concat(l.oid, ', ') FROM ${accounts.login} AS l
    WHERE ${existsSubStore(rows, 'l.avatars')} GROUP BY l.avatars HAVING count(*) > 1 ORDER BY l.avatars`
  return rows
    .some(sql)
    .map(([address, ids]) =>
      siteFinding(address, { code: 'STORE_SHARED', message: `accounts ${ids} stand for one store` }),
    )
}

function unusedStores(rows: SiteRows): Finding[] {
  const table = rows.table('substore', 1)
  if (table === undefined) return []
  const users = [
    ...rows.tablesOf('login').map(login => `SELECT 1 FROM ${login} WHERE avatars = s.oid`),
    ...rows.tablesOf('mantissa_installed_offering').map(each => `SELECT 1 FROM ${each} WHERE application = s.oid`),
  ]
  const isUsed = users.length === 0 ? '0' : `EXISTS (${users.join(' UNION ALL ')})`
  const sql = `SELECT s.storepath FROM ${table} AS s WHERE s.storepath IS NOT NULL AND NOT ${isUsed} ORDER BY s.oid`
  return rows
    .some(sql)
    .map(([path]) =>
      findingAt(
        { store: `files/${path}`, address: null },
        { code: 'STORE_UNUSED', message: 'the site names this store, and no account or offering uses it' },
      ),
    )
}

function endowmentsWithoutAccount(rows: SiteRows): Finding[] {
  const { accounts } = rows
  if (accounts === undefined || !rows.hasPlain('mantissa_endowment')) return []
  const sql = `SELECT e.account_id, count(*) FROM mantissa_endowment AS e
    WHERE NOT EXISTS (SELECT 1 FROM ${accounts.login} WHERE oid = e.account_id) GROUP BY e.account_id`
  return rows.some(sql).map(([accountId, count]) =>
    siteFinding(null, {
      code: 'ENDOWMENT_WITHOUT_ACCOUNT',
      message: `${count} endowments of account ${accountId}, which is gone, are still noted`,
      repair: 'remove the notes',
      subject: { accountId: Number(accountId) },
    }),
  )
}

function offeringsWithoutStore(rows: SiteRows): Finding[] {
  const table = rows.table('mantissa_installed_offering', 1)
  if (table === undefined) return []
  const sql = `SELECT o.offeringName FROM ${table} AS o
    WHERE o.application IS NULL OR NOT ${existsSubStore(rows, 'o.application')} ORDER BY o.oid`
  return rows.some(sql).map(([name]) =>
    siteFinding(null, {
      code: 'OFFERING_WITHOUT_STORE',
      message: `the offering ${name} is installed, and its application store is not known`,
    }),
  )
}

function existsSubStore(rows: SiteRows, storeID: string): string {
  const table = rows.table('substore', 1)
  return table === undefined ? '0' : `EXISTS (SELECT 1 FROM ${table} WHERE oid = ${storeID})`
}

function nameOf(rows: SiteRows): string {
  const method = rows.accounts?.method ?? ''
  return `(SELECT ${ADDRESS} FROM ${method} AS m WHERE m.account = l.oid ORDER BY m.oid LIMIT 1)`
}

function siteFinding(address: SqlRow[number] | undefined, fault: Fault): Finding {
  return findingAt(
    { ...SITE_ITSELF, address: address === null || address === undefined ? null : String(address) },
    fault,
  )
}

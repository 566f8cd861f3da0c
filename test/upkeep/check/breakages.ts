import {
  chmodSync,
  closeSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { LoginMethod } from '../../../src/accounts/login-method.js'
import { newUlid } from '../../../src/base/ids.js'
import { InstalledOffering } from '../../../src/offerings/installed-offering.js'
import { TcpPort } from '../../../src/offerings/site-items/ports.js'
import { createHook } from '../../../src/scheduling/parent-hook.js'
import { TimedEvent } from '../../../src/scheduling/timed-event.js'
import { changeFence, ensureFence } from '../../../src/site/fence.js'
import { Site } from '../../../src/site/site.js'
import { insertTransfer } from '../../../src/site/transfers-journal.js'
import { reference } from '../../../src/store-engine/attributes/reference.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { DependencyConnector, PowerupConnector } from '../../../src/store-engine/powerups/powerup.js'
import { SubStore } from '../../../src/store-engine/sub-store.js'
import { describeKept, KEPT } from '../../../src/transfer/steps/kept-store.js'
import type { FindingCode } from '../../../src/upkeep/check/finding.js'
import { ALICE, BOB, bareSql, holdBare, makeDirectory, type SmallSite, withEngine } from './small-site.js'

/** A way to break a site so that one finding follows and nothing else. */
export interface Breakage {
  readonly breaks: (site: SmallSite) => void
  /** Where the finding is; alice's store unless said. */
  readonly store?: string
  /** Tables whose rows a repair may change, as `store table`; absent where there is no repair. */
  readonly repairs?: readonly string[]
}

/** An item that must refer to another. */
class Dependent extends item({
  typeName: 'test_dependent',
  version: 1,
  module: 'axiom.item',
  attributes: { on: reference({ allowNull: false }) },
}) {}
registerItemTypes(Dependent)

const SITE = '.'
const METHOD = '(SELECT oid FROM item_login_method_v2)'
const ID = newUlid()

/** Deletes as the original does: the row goes, the object stays as a tombstone. */
function deleted(table: string, where: string): string[] {
  return [
    `UPDATE axiom_objects SET type_id = -1 WHERE oid IN (SELECT oid FROM ${table} WHERE ${where})`,
    `DELETE FROM ${table} WHERE ${where}`,
  ]
}

/** A row with its object; the table's type is described. */
function inserted(typeName: string, version: number, columns: Readonly<Record<string, string>>): string[] {
  const names = ['oid', ...Object.keys(columns)].join(', ')
  const values = ['last_insert_rowid()', ...Object.values(columns)].join(', ')
  return [
    `INSERT INTO axiom_objects (type_id) SELECT oid FROM axiom_types WHERE typename = '${typeName}' AND version = ${version}`,
    `INSERT INTO item_${typeName}_v${version} (${names}) SELECT ${values}`,
  ]
}

function describedType(typeName: string, version: number): string[] {
  return [
    `CREATE TABLE item_${typeName}_v${version} (oid INTEGER PRIMARY KEY)`,
    `INSERT INTO axiom_types (typename, module, version) VALUES ('${typeName}', 'axiom.item', ${version})`,
  ]
}

function accountOf(address: string): string {
  return `(SELECT account FROM item_login_method_v2 WHERE localpart = '${address.split('@')[0]}')`
}

function method(localpart: string, account: string): string[] {
  const values = { localpart: `'${localpart}'`, domain: `'example.com'`, protocol: `'email'` }
  return inserted('login_method', 2, { ...values, internal: '1', verified: '1', account })
}

function journalRow(site: SmallSite, state: 'PLANNED' | 'CLOSED' | 'HANDED_OVER', change = ''): void {
  using open = Site.open(site.directory)
  open.store.transact(() => {
    insertTransfer(open, {
      ...{ id: ID, role: 'source', storeId: 'some store', accountId: null, state, plan: {} },
      address: { localpart: 'moved', domain: 'example.com' },
      ...{ otherSiteId: null, fromPath: null, toPath: null, fromEpoch: 0, toEpoch: 1 },
    })
    if (change !== '') open.store.sql.run(`UPDATE mantissa_transfer SET ${change}`)
  })
}

function sealed({ alice }: SmallSite): void {
  withEngine(alice, store => {
    ensureFence(store, 'owner')
    changeFence(store, {}, { state: 'sealed', transferId: ID })
  })
}

function movedStore(site: SmallSite): string {
  const kept = join(site.directory, 'temp', `moved-${ID}`)
  cpSync(site.alice, kept, { recursive: true })
  const plan = JSON.stringify({ [KEPT]: describeKept(kept) })
  journalRow(site, 'HANDED_OVER', `confirmed = 1, plan = '${plan}'`)
  return kept
}

function event(alice: string): void {
  withEngine(alice, store => {
    store.create(TimedEvent, {
      runnable: store.findFirst(LoginMethod) ?? null,
      time: Timestamp.fromMicroseconds(1000n),
    })
  })
}

/** Leaves the log of a connection that has died: its file is put back after SQLite has taken it away. */
function logLeft({ alice }: SmallSite): void {
  const path = join(alice, 'db.sqlite')
  const database = new Database(path)
  database.exec('UPDATE item_login_method_v2 SET verified = verified')
  copyFileSync(`${path}-wal`, `${path}-kept`)
  database.close()
  copyFileSync(`${path}-kept`, `${path}-wal`)
  rmSync(`${path}-kept`)
}

function overwritten(path: string, at: number): void {
  const descriptor = openSync(path, 'r+')
  writeSync(descriptor, Buffer.alloc(512, 0xee), 0, 512, at)
  closeSync(descriptor)
}

export const BREAKAGES: Readonly<Record<FindingCode, Breakage>> = {
  STORE_DIRECTORY_MISSING: { breaks: ({ alice }) => rmSync(alice, { recursive: true }) },
  NOT_A_STORE: { breaks: ({ alice }) => rmSync(join(alice, 'db.sqlite')) },
  STORE_DAMAGED: { breaks: ({ alice }) => overwritten(join(alice, 'db.sqlite'), 4096) },
  STORE_UNREADABLE: { breaks: ({ alice }) => mkdirSync(join(alice, 'db.sqlite-wal'), { mode: 0o700 }) },
  STORE_BUSY: {
    breaks: ({ alice }) => {
      const database = holdBare(alice)
      database.pragma('journal_mode = delete')
      database.exec('BEGIN EXCLUSIVE')
    },
  },
  LOG_NOT_EMPTIED: { breaks: logLeft, repairs: [] },
  FOREIGN_SCHEMA: { breaks: ({ alice }) => bareSql(alice, 'CREATE VIEW spy AS SELECT 1') },
  BASE_INDEX_MISSING: { breaks: ({ alice }) => bareSql(alice, 'DROP INDEX axiom_objects_type_idx'), repairs: [] },
  OLD_FORMAT: {
    breaks: ({ alice }) =>
      bareSql(
        alice,
        'CREATE TABLE old (typename VARCHAR, module VARCHAR, version INTEGER)',
        'INSERT INTO old (rowid, typename, module, version) SELECT oid, typename, module, version FROM axiom_types',
        'DROP TABLE axiom_types',
        'ALTER TABLE old RENAME TO axiom_types',
      ),
  },
  TYPE_WITHOUT_TABLE: {
    breaks: ({ alice }) =>
      bareSql(alice, `INSERT INTO axiom_types (typename, module, version) VALUES ('lost', 'axiom.item', 1)`),
  },
  TABLE_WITHOUT_TYPE: { breaks: ({ alice }) => bareSql(alice, 'CREATE TABLE item_stray_v1 (oid INTEGER PRIMARY KEY)') },
  COLUMNS_DIFFER: { breaks: ({ alice }) => bareSql(alice, 'ALTER TABLE item_login_v3 ADD COLUMN extra TEXT') },
  SCHEMA_MISMATCH: {
    breaks: ({ alice }) =>
      bareSql(
        alice,
        'ALTER TABLE item_login_v3 ADD COLUMN zextra TEXT',
        `INSERT INTO axiom_attributes (type_id, row_offset, indexed, sqltype, allow_none, pythontype, attribute)
          SELECT oid, 9, 0, 'TEXT', 1, 'text', 'zextra' FROM axiom_types WHERE typename = 'login'`,
      ),
  },
  DUPLICATE_TYPE: {
    breaks: ({ alice }) =>
      bareSql(
        alice,
        `INSERT INTO axiom_types (typename, module, version) VALUES ('login', 'axiom.userbase', 3)`,
        `INSERT INTO axiom_attributes SELECT last_insert_rowid(), row_offset, indexed, sqltype, allow_none, pythontype,
          attribute, docstring FROM axiom_attributes WHERE type_id = (SELECT min(oid) FROM axiom_types WHERE typename = 'login')`,
      ),
  },
  INDEX_MISSING: { breaks: ({ alice }) => bareSql(alice, 'DROP INDEX axiomidx_login_v3_avatars'), repairs: [] },
  STORE_TOO_NEW: { breaks: ({ alice }) => bareSql(alice, ...describedType('timed_event', 2)) },
  NO_UPGRADE_PATH: {
    breaks: ({ alice }) => bareSql(alice, ...describedType('timed_event', 0), ...inserted('timed_event', 0, {})),
  },
  OLD_VERSIONS: { breaks: ({ alice }) => bareSql(alice, ...describedType('login', 2), ...inserted('login', 2, {})) },
  OBJECT_WITHOUT_ITEM: {
    breaks: ({ alice }) => bareSql(alice, 'INSERT INTO axiom_objects (type_id) VALUES (1)'),
    repairs: [`${ALICE} axiom_objects`],
  },
  OBJECT_OF_NO_TYPE: { breaks: ({ alice }) => bareSql(alice, 'INSERT INTO axiom_objects (type_id) VALUES (99)') },
  ITEM_WITHOUT_OBJECT: {
    breaks: ({ alice }) => bareSql(alice, `DELETE FROM axiom_objects WHERE oid = ${METHOD}`),
    repairs: [`${ALICE} axiom_objects`],
  },
  ITEM_UNDER_OTHER_TYPE: {
    breaks: ({ alice }) => bareSql(alice, `UPDATE axiom_objects SET type_id = -1 WHERE oid = ${METHOD}`),
  },
  ITEM_IN_TWO_TABLES: {
    breaks: ({ alice }) =>
      bareSql(alice, ...describedType('twin', 1), `INSERT INTO item_twin_v1 (oid) VALUES (${METHOD})`),
  },
  CASCADE_LEFT_BEHIND: {
    breaks: ({ alice }) => {
      withEngine(alice, store => void store.create(TcpPort, { factory: store.findFirst(LoginMethod) ?? null }))
      bareSql(alice, `UPDATE ${TcpPort.itemType.table} SET factory = 999`)
    },
  },
  BROKEN_REFERENCE: {
    breaks: ({ alice }) => {
      withEngine(alice, store => void store.create(Dependent, { on: store }))
      bareSql(alice, 'UPDATE item_test_dependent_v1 SET "on" = 999')
    },
  },
  POWERUP_TO_NOTHING: {
    breaks: ({ alice }) => {
      withEngine(alice, store => {
        for (const priority of [1, 2])
          store.create(PowerupConnector, { item: store, powerup: store.findFirst(LoginMethod) ?? null, priority })
      })
      bareSql(alice, 'UPDATE item_axiom_powerup_connector_v1 SET powerup = 999 WHERE priority = 2')
    },
    repairs: [`${ALICE} axiom_objects`, `${ALICE} item_axiom_powerup_connector_v1`],
  },
  DEPENDENCY_TO_NOTHING: {
    breaks: ({ alice }) => {
      withEngine(alice, store => {
        const installee = store.findFirst(LoginMethod) ?? null
        for (const explicitlyInstalled of [true, false])
          store.create(DependencyConnector, { installee, target: store, explicitlyInstalled })
      })
      bareSql(
        alice,
        'UPDATE item_axiom_dependency__dependencyconnector_v1 SET target = 999 WHERE explicitlyInstalled = 0',
      )
    },
    repairs: [`${ALICE} axiom_objects`, `${ALICE} item_axiom_dependency__dependencyconnector_v1`],
  },
  ACCOUNT_COPY_DIFFERS: {
    breaks: ({ alice }) => bareSql(alice, 'UPDATE item_login_v3 SET disabled = 1'),
    repairs: [`${ALICE} item_login_v3`],
  },
  ACCOUNT_COPY_MISSING: {
    breaks: ({ alice }) => bareSql(alice, ...deleted('item_login_v3', '1'), ...deleted('item_login_method_v2', '1')),
    repairs: [
      ...['axiom_objects', 'sqlite_sequence', 'item_login_v3', 'item_login_method_v2'].map(
        table => `${ALICE} ${table}`,
      ),
    ],
  },
  ACCOUNT_COPY_AMBIGUOUS: {
    breaks: ({ alice }) => bareSql(alice, ...inserted('login', 3, { avatars: '-1', disabled: '0' })),
  },
  METHOD_WITHOUT_ACCOUNT: { breaks: ({ directory }) => bareSql(directory, ...method('ghost', '999')), store: SITE },
  ACCOUNT_WITHOUT_ADDRESS: {
    breaks: ({ directory, bob }) => {
      bareSql(directory, ...deleted('item_login_method_v2', `localpart = 'bob'`))
      bareSql(bob, ...deleted('item_login_method_v2', '1'))
    },
    store: SITE,
  },
  ADDRESS_OWNED_TWICE: {
    breaks: ({ directory, bob }) => {
      bareSql(directory, ...method('ALICE', accountOf('bob')))
      bareSql(bob, ...method('ALICE', accountOf('bob')))
    },
    store: SITE,
  },
  ADDRESS_ALSO_MOVED: {
    breaks: ({ directory }) =>
      bareSql(
        directory,
        `INSERT INTO mantissa_tombstone (name, address, store_id, epoch, created)
          VALUES ('alice@example.com', 'alice@example.com', 'x', 1, 0)`,
      ),
    store: SITE,
  },
  ACCOUNT_WITHOUT_STORE: {
    breaks: ({ directory, bob }) => {
      bareSql(directory, ...deleted('item_substore_v1', `storepath LIKE '%bob.axiom'`))
      rmSync(bob, { recursive: true })
    },
    store: SITE,
  },
  STORE_SHARED: {
    breaks: ({ directory }) =>
      bareSql(
        directory,
        ...inserted('login', 3, {
          avatars: `(SELECT avatars FROM item_login_v3 WHERE oid = ${accountOf('alice')})`,
          disabled: '0',
        }),
        ...method('eve', '(SELECT max(oid) FROM item_login_v3)'),
      ),
    store: SITE,
  },
  STORE_UNUSED: {
    breaks: ({ directory }) =>
      bareSql(
        directory,
        ...deleted('item_login_v3', `oid = ${accountOf('bob')}`),
        ...deleted('item_login_method_v2', `localpart = 'bob'`),
      ),
    store: BOB,
  },
  ENDOWMENT_WITHOUT_ACCOUNT: {
    breaks: ({ directory }) =>
      bareSql(
        directory,
        `INSERT INTO mantissa_endowment (account_id, offering, powerup, created) VALUES (999, 'notes', 'Notes', 0)`,
      ),
    store: SITE,
    repairs: ['. mantissa_endowment'],
  },
  OFFERING_WITHOUT_STORE: {
    breaks: ({ directory }) =>
      withEngine(directory, store => void store.create(InstalledOffering, { application: null, offeringName: 'lost' })),
    store: SITE,
  },
  STORE_ORPHANED: {
    breaks: ({ alice }) => cpSync(alice, alice.replace('alice', 'eve'), { recursive: true }),
    store: ALICE.replace('alice', 'eve'),
  },
  MODE_TOO_OPEN: { breaks: ({ alice }) => chmodSync(alice, 0o750), repairs: [] },
  KEY_EXPOSED: {
    breaks: ({ directory }) => writeFileSync(join(directory, 'files/server.pem'), 'a key', { mode: 0o644 }),
    store: SITE,
    repairs: [],
  },
  LINK_LEADS_OUT: {
    breaks: ({ alice, directory }) => {
      rmSync(join(alice, 'files'), { recursive: true })
      symlinkSync(join(directory, '..'), join(alice, 'files'))
    },
  },
  TEMPORARY_LEFT: {
    breaks: ({ directory }) => makeDirectory(join(directory, 'temp', `creating-${ID}`)),
    store: SITE,
    repairs: [],
  },
  SITE_TOO_NEW: { breaks: ({ directory }) => bareSql(directory, 'UPDATE mantissa_site SET format = 99'), store: SITE },
  SITE_IS_COPY: {
    breaks: ({ directory }) => bareSql(directory, 'UPDATE mantissa_site SET last_inode = 1'),
    store: SITE,
    repairs: ['. mantissa_site'],
  },
  DEED_UNFINISHED: {
    breaks: ({ directory }) =>
      bareSql(
        directory,
        `INSERT INTO mantissa_deed (id, kind, detail, session, created)
          SELECT 'a deed', 'sync-user-store', json_object('account', ${accountOf('alice')}), '${ID}', 0`,
      ),
    store: SITE,
    repairs: ['. mantissa_deed'],
  },
  RESERVATION_WITHOUT_HOLDER: {
    breaks: ({ directory }) =>
      bareSql(
        directory,
        `INSERT INTO mantissa_reservation (kind, name, holder, created) VALUES ('address', 'eve@example.com', 'gone', 0)`,
      ),
    store: SITE,
    repairs: ['. mantissa_reservation'],
  },
  TRANSFER_UNFINISHED: { breaks: site => journalRow(site, 'PLANNED'), store: SITE },
  FENCE_LEFT_SEALED: {
    breaks: site => {
      journalRow(site, 'CLOSED', `decision = 'abort'`)
      sealed(site)
    },
    repairs: [`${ALICE} mantissa_fence`],
  },
  FENCE_UNEXPLAINED: { breaks: sealed },
  MOVED_STORE_KEPT: { breaks: site => void movedStore(site), store: SITE },
  MOVED_STORE_CHANGED: {
    breaks: site => bareSql(movedStore(site), 'UPDATE item_login_v3 SET disabled = 1'),
    store: SITE,
  },
  HOOK_MISSING: {
    breaks: ({ alice }) => event(alice),
    repairs: [
      ...['axiom_objects', 'axiom_types', 'axiom_attributes', 'sqlite_sequence'].map(table => `. ${table}`),
      ...['. item_timed_event_v1', '. item_axiom_subscheduler_parent_hook_v4'],
    ],
  },
  HOOK_LATE: {
    breaks: ({ directory, alice }) => {
      event(alice)
      withEngine(directory, store => {
        const subStore = store.findUnique(SubStore, SubStore.storepath.equals(alice))
        createHook(store, subStore, Timestamp.fromMicroseconds(2000n))
      })
    },
    repairs: ['. item_timed_event_v1'],
  },
}

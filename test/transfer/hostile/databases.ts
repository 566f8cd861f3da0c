import Database from 'better-sqlite3'
import { hashOf } from '../archive/hand-made.js'
import { type BaseArchive, imageAfter, withImage } from './base-archive.js'
import { type HostileCase, type HostileCases, refused } from './hostile-case.js'

/** The base after statements in its database. */
const after =
  (...statements: readonly string[]): HostileCase['make'] =>
  base =>
    withImage(base, imageAfter(base, ...statements))

/** The base with bytes of its database changed. */
const bytes =
  (change: (image: Buffer) => Buffer | undefined): HostileCase['make'] =>
  base => {
    const image = Buffer.from(base.image)
    return withImage(base, change(image) ?? image)
  }

/** A table of the store exchanged for something else of the same name. */
const instead = (table: string, by: string) => after(`DROP TABLE ${table}`, by)
/** Text in the schema that no statement would leave there. */
const rewritten = (name: string, sql: string) =>
  after(`UPDATE sqlite_master SET sql = ${quote(sql)} WHERE name = ${quote(name)}`)

const ENDLESS = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n'
const HEAVY = 'length(hex(zeroblob(400000000)))'
const FENCE =
  '(only INTEGER, store_id TEXT, epoch INTEGER, owner TEXT, state TEXT, transfer_id TEXT, incarnation INTEGER'

export const DATABASES: HostileCases = {
  ...refused('FOREIGN_SCHEMA', {
    'a trigger': after('CREATE TRIGGER t AFTER INSERT ON axiom_objects BEGIN SELECT 1; END'),
    'a trigger on the fence': after('CREATE TRIGGER t BEFORE UPDATE ON mantissa_fence BEGIN SELECT RAISE(IGNORE); END'),
    'a trigger on a table of its own': after(
      'CREATE TABLE own (a)',
      'CREATE TRIGGER t AFTER INSERT ON own BEGIN SELECT 1; END',
    ),
    'a view': after('CREATE VIEW v AS SELECT 1'),
    'a view without end': after(`CREATE VIEW v AS ${ENDLESS}`),
    'a view where the fence belongs': instead('mantissa_fence', 'CREATE VIEW mantissa_fence AS SELECT 1 AS only'),
    'a view without end where the fence belongs': instead('mantissa_fence', `CREATE VIEW mantissa_fence AS ${ENDLESS}`),
    'a virtual table': after('CREATE VIRTUAL TABLE v USING fts5(a)'),
    'a virtual table over other rows': after('CREATE VIRTUAL TABLE v USING fts5vocab(x, row)'),
    'a virtual table of rectangles': after('CREATE VIRTUAL TABLE v USING rtree(a, b, c)'),
    'an index over an expression': after(`CREATE INDEX i ON axiom_objects (hex(type_id))`),
    'an index of some rows': after(`CREATE INDEX i ON axiom_objects (type_id) WHERE type_id = 1`),
    'an index over an expression, in a table of its own': after(
      'CREATE TABLE own (a)',
      `CREATE INDEX i ON own (${HEAVY})`,
    ),
    'a column that is computed': after(`CREATE TABLE item_x_v1 (oid INTEGER PRIMARY KEY, a TEXT AS (${HEAVY}))`),
    'a column that is computed and kept': after(
      `CREATE TABLE item_x_v1 (oid INTEGER PRIMARY KEY, a AS (1 + 1) STORED)`,
    ),
    'a column that is computed, in a table of its own': after(`CREATE TABLE own (a INTEGER, b TEXT AS (${HEAVY}))`),
    'a fence that is computed': instead('mantissa_fence', `CREATE TABLE mantissa_fence ${FENCE}, x AS (${HEAVY}))`),
    'a condition that calls a function': after(`CREATE TABLE item_x_v1 (oid INTEGER PRIMARY KEY, a CHECK (${HEAVY}))`),
    'a condition behind a comment': after(
      'CREATE TABLE item_x_v1 (oid INTEGER PRIMARY KEY, [a] /* [ */ CHECK (1) /* ] */)',
    ),
    'a name that could be a comment': after('CREATE TABLE "item_x--_v1" (oid INTEGER PRIMARY KEY)'),
    'a default that is computed': after(`CREATE TABLE item_x_v1 (oid INTEGER PRIMARY KEY, a DEFAULT (${HEAVY}))`),
  }),
  ...refused('STORE_DAMAGED', {
    'that is empty but for its header': bytes(image => image.subarray(0, 100)),
    'that is cut off': bytes(image => image.subarray(0, image.length - 4096)),
    'that is cut off in the middle of a page': bytes(image => image.subarray(0, image.length - 1000)),
    'with pages of noise': bytes(image => image.fill(0xa5, image.length - 4096)),
    'with a page of nothing in its middle': bytes(image => image.fill(0, 8192, 12_288)),
    'whose first page is noise behind the header': bytes(image => image.fill(0xff, 100, 1000)),
    'of an endless free list': bytes(image => {
      image.writeUInt32BE(2, 32)
      image.writeUInt32BE(0xfffffff, 36)
    }),
    'of an endless number of pages': bytes(image => {
      image.writeUInt32BE(0xfffffffe, 28)
      image.copy(image, 92, 24, 28)
    }),
    'with two fences': instead(
      'mantissa_fence',
      `CREATE TABLE mantissa_fence ${FENCE}); INSERT INTO mantissa_fence VALUES (1, 'x', 1, '', 'sealed', '', 0), (1, 'y', 1, '', 'sealed', '', 0)`,
    ),
    'whose fence has other columns': instead(
      'mantissa_fence',
      'CREATE TABLE mantissa_fence (a); INSERT INTO mantissa_fence VALUES (1)',
    ),
    'whose schema is nonsense': rewritten('axiom_types', 'CREATE TABLE nonsense'),
    'whose schema names another table': rewritten('axiom_types', 'CREATE TABLE axiom_other (oid INTEGER PRIMARY KEY)'),
    'two of whose tables are one': after(
      "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'axiom_objects') WHERE name = 'axiom_types'",
    ),
    'whose table begins beyond the end': after(
      "UPDATE sqlite_master SET rootpage = 99999 WHERE name = 'axiom_objects'",
    ),
    'whose index is that of another table': after(
      "UPDATE sqlite_master SET tbl_name = 'axiom_types' WHERE type = 'index'",
    ),
  }),
  ...refused('ARCHIVE_MANIFEST_FALSE', {
    'without a fence': after('DROP TABLE mantissa_fence'),
    'with an empty fence': after('DELETE FROM mantissa_fence'),
    'with the fence of another store': after("UPDATE mantissa_fence SET store_id = 'x'"),
    'with a table that is not announced': after('CREATE TABLE own (a)'),
    'with rows that are not announced': after('INSERT INTO axiom_objects (type_id) VALUES (1), (2)'),
    'with another address': after("UPDATE item_login_method_v2 SET localpart = 'victim'"),
    'with a thousand addresses': after(
      `WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO item_login_method_v2 (oid, account, domain, internal, localpart, protocol, verified)
        SELECT i, account, 'x.com', 1, 'user' || i, 'email', 1 FROM n, (SELECT * FROM item_login_method_v2 LIMIT 1)`,
    ),
  }),
  ...refused('NO_ACCOUNT_IN_STORE', {
    'of nobody': after('DELETE FROM item_login_v3'),
    'of two users': after('INSERT INTO item_login_v3 (oid, avatars) SELECT 900, avatars FROM item_login_v3'),
  }),
  ...refused('NOT_A_STORE', {
    'that is no database': bytes(() => Buffer.from('this is no database at all, only some text. '.repeat(200))),
    'of a format to come': bytes(image => image.fill(9, 18, 20)),
    'of an odd page size': bytes(image => image.fill(0x33, 16, 18)),
    'of another program': after('DROP TABLE axiom_types', 'DROP TABLE axiom_objects', 'DROP TABLE axiom_attributes'),
    'that is an empty file': bytes(() => Buffer.alloc(0)),
  }),
  ...refused('STORE_DAMAGED', {
    'with a type that has no table': typed('evil', ''),
    'with a type whose name is a statement, and no table': typed('x"; DROP TABLE axiom_types; --', ''),
    'with a type whose name is a path': typed('../../../evil', ''),
  }),
  ...refused('imported', {
    'with a type whose name is a statement': typed(
      'x"; DROP TABLE axiom_types; "',
      'CREATE TABLE "item_x""; DROP TABLE axiom_types; ""_v1" (oid INTEGER PRIMARY KEY)',
    ),
    'with a type of JavaScript': typed('__proto__', 'CREATE TABLE item___proto___v1 (oid INTEGER PRIMARY KEY)'),
    'with a type whose module is to be loaded': typed('os', 'CREATE TABLE item_os_v1 (oid INTEGER PRIMARY KEY)'),
    'that asks for a journal': base => {
      const image = Buffer.from(base.image).fill(1, 18, 20)
      return withImage(base, image)
    },
    'that was counted up by somebody': bytes(image => {
      image.writeUInt32BE(image.readUInt32BE(24) + 1000, 24)
      image.copy(image, 92, 24, 28)
    }),
    'for another application': bytes(image => image.fill(0x41, 68, 72)),
  }),
}

/** A store with one more type, of which the manifest speaks as it should. */
function typed(name: string, table: string): HostileCase['make'] {
  return base => {
    const row = `INSERT INTO axiom_types (oid, typename, module, version) VALUES (900, ${quote(name)}, 'os', 1)`
    const image = imageAfter(base, row, table)
    return withImage(base, image, manifest => describe(image, manifest['database']))
  }
}

/** Describes an image as an export would. */
function describe(image: Buffer, database: BaseArchive['manifest']): void {
  const opened = new Database(Buffer.from(image).fill(1, 18, 20))
  const schema = opened.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all() as {
    readonly type: string
    readonly name: string
    readonly sql: string | null
  }[]
  const own = schema.filter(({ name }) => name !== 'mantissa_fence')
  database['schemaSha256'] = hashOf(own.map(({ type, name, sql }) => `${type}\0${name}\0${sql ?? ''}\n`).join(''))
  for (const { name } of own.filter(({ type, name }) => type === 'table' && !name.startsWith('sqlite_'))) {
    const value = opened
      .prepare(`SELECT count(*) FROM "${name.replaceAll('"', '""')}"`)
      .pluck()
      .get()
    Object.defineProperty(database['rows'], name, { value, enumerable: true })
  }
  database['pages'] = image.length / 4096
  opened.close()
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

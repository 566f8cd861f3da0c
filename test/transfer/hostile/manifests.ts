import { hashOf } from '../archive/hand-made.js'
import { archiveOf, type BaseArchive, fileEntry, withManifest, withManifestText } from './base-archive.js'
import { type HostileCase, type HostileCases, refused } from './hostile-case.js'

type Change = (manifest: BaseArchive['manifest']) => void

const lies = (code: string, changes: Readonly<Record<string, Change>>): HostileCases =>
  refused(
    code,
    Object.fromEntries(Object.entries(changes).map(([name, change]) => [name, base => withManifest(base, change)])),
  )

/** The text of the manifest, changed by hand. */
const text =
  (change: (text: string) => string | Buffer): HostileCase['make'] =>
  base =>
    withManifestText(base, change(JSON.stringify(base.manifest)))

const REQUIRED = [
  ...['formatVersion', 'created', 'writer', 'storeId', 'epoch', 'removed', 'address', 'disabled', 'methods'],
  ...['itemTypes', 'database', 'directories', 'files'],
]

/** A file that is listed and follows as listed. */
function listing(...paths: readonly string[]): HostileCase['make'] {
  return base => {
    const manifest = structuredClone(base.manifest)
    for (const path of paths) manifest['files'].push({ path, bytes: 1, sha256: hashOf('x') })
    const entries = paths.map(path => fileEntry(`files/${path}`.slice(0, 100), 'x'))
    return archiveOf([fileEntry('manifest.json', JSON.stringify(manifest)), ...base.entries.slice(1), ...entries])
  }
}

export const MANIFESTS: HostileCases = {
  ...refused('ARCHIVE_MANIFEST_INVALID', {
    'that is empty': text(() => ''),
    'that is no JSON': text(all => all.slice(1)),
    'that is cut off': text(all => all.slice(0, -10)),
    'with something behind it': text(all => `${all}x`),
    'that is a list': text(() => '[]'),
    'that is null': text(() => 'null'),
    'with a comment': text(all => `/* */${all}`),
    'in another encoding': text(all => Buffer.from(all, 'utf16le')),
    'with a mark of its encoding': text(all => `\ufeff${all}`),
    'nested a million times': text(all => `${all.slice(0, -1)},"x":${'['.repeat(1e6)}${']'.repeat(1e6)}}`),
    'nested a million times and never closed': text(() => '{"x":'.repeat(1e6)),
    'with five million values': text(all => `${all.slice(0, -1)},"x":[${'0,'.repeat(5e6)}0]}`),
    'with the store id twice': text(all => `${all.slice(0, -1)},"storeId":"x"}`),
    'with the database twice': text(all => `{"database":{},${all.slice(1)}`),
    'with a member of a member twice': text(all => all.replace('"database":{', '"database":{"bytes":1,')),
    ...Object.fromEntries(REQUIRED.map(name => [`without ${name}`, base => withManifest(base, m => delete m[name])])),
    ...Object.fromEntries(
      ['../evil', '/evil', 'dir/../../evil', 'dir//x', './x', '', 'x'.repeat(300), 'a\0b'].map(path => [
        `that lists ${JSON.stringify(path.slice(0, 20))}`,
        listing(path),
      ]),
    ),
    'that lists a file twice': listing('new', 'new'),
    'that lists a file in a directory that is none': listing('a.txt/x'),
    'that lists a file in no directory': listing('nowhere/x'),
  }),
  ...lies('ARCHIVE_MANIFEST_INVALID', {
    'that lists a file as a directory': m => m['directories'].push('a.txt'),
    'that lists a directory above': m => m['directories'].push('..'),
    'whose bytes are a text': m => (m['database'].bytes = '8192'),
    'whose bytes are below nothing': m => (m['database'].bytes = -1),
    'whose bytes are a fraction': m => (m['files'][0].bytes = 0.5),
    'whose bytes are beyond exactness': m => (m['database'].bytes = 2 ** 60),
    'whose hash is short': m => (m['database'].sha256 = 'abc'),
    'whose hash is a list': m => (m['files'][0].sha256 = [m['files'][0].sha256]),
    'whose rows are a list': m => (m['database'].rows = []),
    'whose epoch is below nothing': m => (m['epoch'] = -1),
    'whose epoch is a text': m => (m['epoch'] = '1'),
    'whose incarnation is a text': m => (m['incarnation'] = '1'),
    'whose methods are an object': m => (m['methods'] = {}),
    'whose method is null': m => m['methods'].push(null),
    'whose format version is a text': m => (m['formatVersion'] = '1'),
    'whose event is a number': m => (m['nextEvent'] = 5),
    'who left: perhaps': m => (m['removed'] = 'yes'),
    'of an application, without its records': m => (m['formatVersion'] = 2),
    'of an application, with the records of another': m => {
      m['formatVersion'] = 2
      m['application'] = { offering: 'notes', pages: [], powerups: [] }
    },
  }),
  ...lies('NOT_AN_ARCHIVE', {
    'of another format': m => (m['format'] = 'mantissa-site'),
    'of no format': m => delete m['format'],
  }),
  ...lies('ARCHIVE_TOO_NEW', {
    'of the next version': m => (m['formatVersion'] = 3),
    'of a version far away': m => (m['formatVersion'] = Number.MAX_SAFE_INTEGER),
  }),
  ...lies('STORE_IDENTITY_INVALID', {
    'whose store id is a path': m => (m['storeId'] = '../../etc'),
    'whose store id is empty': m => (m['storeId'] = ''),
    'whose store id is long': m => (m['storeId'] = 'a'.repeat(1e6)),
    'whose epoch nobody reaches': m => (m['epoch'] = Number.MAX_SAFE_INTEGER),
    'whose incarnation nobody reaches': m => (m['incarnation'] = 2 ** 40),
  }),
  ...lies('NO_SPACE', {
    'that announces a database of petabytes': m => (m['database'].bytes = 2 ** 52),
    'that announces a file of petabytes': m => (m['files'][0].bytes = 2 ** 52),
  }),
  ...lies('STORE_WITHOUT_ADDRESS', {
    'of nobody': m => (m['methods'] = []),
    'of an application, in the format of people': m => (m['methods'][0].domain = null),
  }),
  ...lies('STORE_WITH_TOO_MANY_ADDRESSES', {
    'of somebody with a thousand and one names': m => {
      m['methods'] = Array.from({ length: 1001 }, (_, index) => ({ ...m['methods'][0], localpart: `m${index}` }))
    },
  }),
  ...lies('INVALID_ADDRESS', {
    'whose user has a path for a name': m => (m['methods'][0].localpart = '../../x'),
    'whose user has no name': m => (m['methods'][0].localpart = ''),
    'whose user has a NUL in the name': m => (m['methods'][0].localpart = 'a\0b'),
    'whose user has a long name': m => (m['methods'][0].localpart = 'a'.repeat(300)),
    'whose user has a domain above': m => (m['methods'][0].domain = '..'),
  }),
  ...lies('ADDRESS_TAKEN', {
    'whose user is called like somebody here': m => (m['methods'][0].localpart = 'victim'),
    'whose user is called like somebody here, in capitals': m => (m['methods'][0].localpart = 'VICTIM'),
    'whose user has somebody else’s name besides': m =>
      m['methods'].push({ ...m['methods'][0], localpart: 'victim', protocol: 'smtp' }),
  }),
  ...lies('VERIFICATION_FAILED', {
    'whose database has another hash': m => (m['database'].sha256 = hashOf('x')),
    'whose file has another hash': m => (m['files'].at(-1).sha256 = hashOf('x')),
    'whose database is larger': m => (m['database'].bytes += 1),
    'whose database is smaller': m => (m['database'].bytes -= 4096),
    'whose file is larger': m => (m['files'][0].bytes += 512),
    'whose file is empty': m => (m['files'][0].bytes = 0),
  }),
  ...lies('ARCHIVE_TRUNCATED', {
    'that lists a file which does not come': m => m['files'].push({ path: 'x', bytes: 0, sha256: hashOf('') }),
    'that lists a directory which does not come': m => m['directories'].push('new'),
  }),
  ...lies('ARCHIVE_ENTRY_UNLISTED', {
    'that lists one file too few': m => m['files'].pop(),
    'that lists nothing': m => {
      m['files'] = []
      m['directories'] = []
    },
  }),
  ...lies('ARCHIVE_MANIFEST_FALSE', {
    'that claims the identity of another store': m => (m['storeId'] = '6f1c2b1e-0000-4000-8000-000000000000'),
    'that claims to be the store and not a copy': m => (m['removed'] = true),
    'that claims a later epoch': m => (m['epoch'] += 1),
    'that claims a later incarnation': m => (m['incarnation'] = 7),
    'with a row too many': m => (m['database'].rows.axiom_types += 1),
    'with a table too many': m => (m['database'].rows.item_evil_v1 = 0),
    'with a table too few': m => delete m['database'].rows.axiom_types,
    'with a table of JavaScript': m =>
      Object.defineProperty(m['database'].rows, '__proto__', { value: 1, enumerable: true }),
    'with another schema': m => (m['database'].schemaSha256 = hashOf('')),
    'with a page too many': m => (m['database'].pages += 1),
    'with an event': m => (m['nextEvent'] = '5'),
    'with another name': m => (m['methods'][0].localpart = 'somebody'),
    'with one name too few': m => m['methods'].pop(),
    'with a name that is verified': m => (m['methods'][1].verified = true),
    'with a name that this node maintains': m => (m['methods'][1].internal = true),
    'with an account that is disabled': m => (m['disabled'] = true),
  }),
  ...refused('ARCHIVE_TOO_LARGE', {
    'of a hundred megabytes': base => withManifestText(base, Buffer.alloc(100 * 2 ** 20, ' ')),
    'of eight gigabytes, announced': base =>
      archiveOf([fileEntry('manifest.json', '{}').fill('7', 124, 135), ...base.entries.slice(1)].map(withSum)),
  }),
  ...lies('imported', {
    'with members of a later day': m => (m['later'] = { and: ['more', { of: 'them' }] }),
    'with members of JavaScript': m => {
      Object.defineProperty(m, '__proto__', { value: { epoch: 9 }, enumerable: true })
      m['constructor'] = { prototype: 1 }
    },
    'of before there were incarnations': m => delete m['incarnation'],
    'from the year zero': m => (m['created'] = 'long ago'),
    'that claims another origin': m => (m['siteId'] = null),
    'with other item types': m => (m['itemTypes'] = []),
  }),
}

/** The checksum of a header that was changed, made right again. */
function withSum(entry: Buffer): Buffer {
  const header = Buffer.from(entry)
  header.fill(' ', 148, 156)
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

import { padded, paxRecord, tarHeader } from '../archive/hand-made.js'
import { archiveOf, type BaseArchive, fileEntry } from './base-archive.js'
import { type HostileCases, refused } from './hostile-case.js'

/** The base with entries put in behind its database. */
const inserting =
  (...inserted: readonly Buffer[]) =>
  ({ entries }: BaseArchive): Buffer =>
    archiveOf([...entries.slice(0, 2), ...inserted, ...entries.slice(2)])

const appending =
  (...appended: readonly Buffer[]) =>
  ({ entries }: BaseArchive): Buffer =>
    archiveOf([...entries, ...appended])

const pax = (records: string, kind = 'x') => fileEntry('PaxHeader', records, kind)
const renamed = (entry: Buffer, name: string) => Buffer.concat([pax(paxRecord('path', name)), entry.subarray(-1024)])
const evil = (name: string) => fileEntry(name, 'evil')
const longName = (name: string) => fileEntry('././@LongLink', `${name}\0`, 'L')

const UPWARD = [
  '../evil',
  'files/../../evil',
  'files/dir/../../../evil',
  'files/..',
  '..',
  './db.sqlite',
  'files//a.txt',
]
const ABSOLUTE = ['/etc/cron.d/evil', '//evil', '/']
const LINKS = { 'a symbolic link': '2', 'a hard link': '1' }
const DEVICES = { 'a character device': '3', 'a block device': '4', 'a pipe': '6', 'a contiguous file': '7' }
const GNU = {
  'a sparse file': 'S',
  'a volume': 'V',
  'a part of another volume': 'M',

  'a dump': 'D',
}

export const ENTRIES: HostileCases = {
  ...refused('ARCHIVE_UNSAFE_ENTRY', {
    ...Object.fromEntries([...UPWARD, ...ABSOLUTE].map(name => [`the name ${name}`, inserting(evil(name))])),
    ...Object.fromEntries(
      ['../evil', '/evil', 'files/../../evil'].flatMap(name => [
        [`the name ${name} in a pax header`, inserting(renamed(evil('files/a.txt'), name))],
        [`the name ${name} as GNU writes long ones`, inserting(longName(name), evil('files/a.txt'))],
        [`a directory ${name}`, inserting(tarHeader(name, '5', 0))],
      ]),
    ),
    ...Object.fromEntries(
      Object.entries({ ...LINKS, ...DEVICES, ...GNU }).flatMap(([what, kind]) => [
        [`${what} behind the database`, inserting(tarHeader('files/new', kind, 0))],
        [`${what} in the place of a file`, replacing('files/a.txt', tarHeader('files/a.txt', kind, 0))],
        [`${what} in the place of the database`, replacing('db.sqlite', tarHeader('db.sqlite', kind, 0))],
      ]),
    ),
    'a link in the place of the manifest': ({ entries }) =>
      archiveOf([tarHeader('manifest.json', '2', 0), ...entries.slice(1)]),
    'a name of too many bytes': inserting(renamed(evil('x'), `files/${'x'.repeat(300)}`)),
    'an empty name': inserting(tarHeader('', '0', 0)),
  }),
  ...refused('ARCHIVE_ENTRY_UNLISTED', {
    'a file too many': appending(evil('files/evil')),
    'a directory too many': appending(tarHeader('files/evil/', '5', 0)),
    'a log beside the database': inserting(evil('db.sqlite-wal')),
    'a journal beside the database': inserting(evil('db.sqlite-journal')),
    'something beside files': inserting(evil('run/mantissa.pid')),
    'a name that differs in case': replacing('files/a.txt', fileEntry('files/A.txt', 'hello')),
    'a name in another Unicode form': replacingLast('files/größe.txt', 'files/gro\u0308ße.txt'),
    'a directory where a file is listed': replacing('files/a.txt', tarHeader('files/a.txt/', '5', 0)),
    'a directory in the place of the database': replacing('db.sqlite', tarHeader('db.sqlite', '5', 0)),
    'a file where a directory is listed': replacing('files/dir', fileEntry('files/dir', '')),
    'a name with something behind a NUL': inserting(fileEntry('files/b.txt\0/../../x', 'x')),
    'a global header that renames everything': ({ entries }) =>
      archiveOf([
        ...entries.slice(0, 1),
        pax(paxRecord('path', 'files/evil'), 'g'),
        pax(paxRecord('a', 'b')),
        ...entries.slice(1),
      ]),
  }),
  ...refused('ARCHIVE_ENTRY_TWICE', {
    'the manifest once more': ({ entries }) => archiveOf([...entries, entries[0] as Buffer]),
    'another manifest': appending(fileEntry('manifest.json', '{}')),
    'the database once more': ({ entries }) => archiveOf([...entries, entries[1] as Buffer]),
    'a file once more': appending(fileEntry('files/a.txt', 'hello')),
    'a file once more, with other content': appending(fileEntry('files/a.txt', 'HELLO')),
    'a directory once more': ({ entries }) => archiveOf([...entries, tarHeader('files/dir/', '5', 0)]),
    'a second archive behind the first': ({ tar }) => archiveOf([tar, tar]),
  }),
  ...refused('ARCHIVE_ENTRY_MISPLACED', {
    'a file before its directory': ({ entries }) =>
      archiveOf([...entries.slice(0, 2), ...entries.slice(3), entries[2] as Buffer]),
  }),
  ...refused('VERIFICATION_FAILED', {
    'other content of the same size': replacing('files/a.txt', fileEntry('files/a.txt', 'HELLO')),
    'a byte too many': replacing('files/a.txt', fileEntry('files/a.txt', 'hello!')),
    'a byte too few': replacing('files/a.txt', fileEntry('files/a.txt', 'hell')),
    'an empty database': replacing('db.sqlite', fileEntry('db.sqlite', '')),
    'eight gigabytes announced for a small file': replacing('files/a.txt', tarHeader('files/a.txt', '0', 8 ** 11 - 1)),
    'an endless size in binary': replacing(
      'files/a.txt',
      tarHeader('files/a.txt', '0', '\u0080\0\0\0\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff'),
    ),
    'a pax size that lies upwards': replacing('files/a.txt', paxSized('1000000')),
    'a pax size that lies downwards': replacing('files/a.txt', paxSized('2')),
  }),
  ...refused('ARCHIVE_DAMAGED', {
    'a pax size that is no number': replacing('files/a.txt', paxSized('many')),
    'a pax size below nothing': replacing('files/a.txt', paxSized('-5')),
    'a size below nothing in binary': replacing(
      'files/a.txt',
      tarHeader('files/a.txt', '0', `${'\u00ff'.repeat(11)}\0`),
    ),
    'a size that is no number': replacing('files/a.txt', tarHeader('files/a.txt', '0', 'as you like ')),
    'a wrong checksum': inserting(Buffer.from(evil('files/a.txt')).fill('7', 148, 154)),
    'a header of no known tar': inserting(unknownFormat()),
    'a pax header of five megabytes': inserting(pax('x'.repeat(5 * 2 ** 20))),
    'a GNU long name of five megabytes': inserting(longName(`files/${'x'.repeat(5 * 2 ** 20)}`)),
    'a global header of five megabytes': inserting(pax('x'.repeat(5 * 2 ** 20), 'g')),
    'noise between two entries': inserting(Buffer.alloc(512, 'noise')),
  }),
  ...refused('ARCHIVE_TOO_LARGE', {
    'twenty thousand global headers': inserting(...Array.from({ length: 20_000 }, () => pax(paxRecord('a', 'b'), 'g'))),
    'twenty thousand long names': inserting(...Array.from({ length: 20_000 }, () => longName('files/a.txt'))),
  }),
  ...refused('NOT_AN_ARCHIVE', {
    'the database first': ({ entries }) => archiveOf([entries[1] as Buffer, entries[0] as Buffer, ...entries.slice(2)]),
    'a directory called manifest.json': ({ entries }) =>
      archiveOf([tarHeader('manifest.json', '5', 0), ...entries.slice(1)]),
    'another name in front': ({ entries }) => archiveOf([fileEntry('README', 'hi'), ...entries]),
  }),
  ...refused('imported', {
    'unknown global headers': inserting(pax(paxRecord('comment', 'made by hand'), 'g')),
    'a pax header with keys of JavaScript': replacing(
      'files/a.txt',
      Buffer.concat([
        pax(paxRecord('__proto__', 'x') + paxRecord('constructor', 'y')),
        fileEntry('files/a.txt', 'hello'),
      ]),
    ),
    'a name as GNU writes long ones': replacing(
      'files/a.txt',
      Buffer.concat([longName('files/a.txt'), fileEntry('short', 'hello')]),
    ),
    'the directory of all files': inserting(tarHeader('files/', '5', 0)),
    'files that anybody may read, of somebody else, from long ago': replacing('files/a.txt', strangeOwner()),
  }),
}

function nameOf(entry: Buffer): string {
  const path = /\d+ path=([^\n]*)\n/.exec(entry.toString('utf8', 0, Math.min(entry.length, 2048)))?.[1]
  return path ?? entry.toString('utf8', 0, entry.indexOf(0)).replace(/\/$/, '')
}

function replacing(name: string, by: Buffer): (base: BaseArchive) => Buffer {
  return ({ entries }) => {
    if (!entries.some(entry => nameOf(entry) === name)) throw new Error(`the base has no ${name}`)
    return archiveOf(entries.map(entry => (nameOf(entry) === name ? by : entry)))
  }
}

function replacingLast(name: string, other: string): (base: BaseArchive) => Buffer {
  const entry = Buffer.concat([pax(paxRecord('path', other)), fileEntry('x', 'umlaut')])
  return replacing(name, entry)
}

function paxSized(size: string): Buffer {
  return Buffer.concat([pax(paxRecord('size', size)), fileEntry('files/a.txt', 'hello')])
}

function unknownFormat(): Buffer {
  const header = tarHeader('files/a.txt', '0', 0)
  header.fill(0, 257, 265)
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

function strangeOwner(): Buffer {
  const header = tarHeader('files/a.txt', '0', 5)
  header.write('0007777\0', 100)
  header.write('0001750\0', 108)
  header.write('00000000001 ', 136)
  header.write('root', 265)
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, padded('hello')])
}

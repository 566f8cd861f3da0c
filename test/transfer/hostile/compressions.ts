import { gzipSync } from 'node:zlib'
import { END, paxRecord, tarHeader } from '../archive/hand-made.js'
import { archiveOf, type BaseArchive, fileEntry } from './base-archive.js'
import { type HostileCases, refused } from './hostile-case.js'

const MEGABYTE = 2 ** 20

/** Bytes of gzip's own header before the compressed data. */
const GZIP_HEADER = 10
const GZIP_TRAILER = 8

/** The base cut off at every place where something ends, in the tar and in its compression. */
export function truncations({ bytes, boundaries, tar }: BaseArchive): HostileCases {
  const cut = (at: number) => () => bytes.subarray(0, at)
  const cutTar = (at: number) => () => gzipSync(tar.subarray(0, at))
  const end = tar.length - END.length
  return refused('ARCHIVE_TRUNCATED', {
    ...Object.fromEntries(Array.from({ length: GZIP_HEADER + 1 }, (_, at) => [`after ${at} bytes of gzip`, cut(at)])),
    ...Object.fromEntries(
      Array.from({ length: GZIP_TRAILER }, (_, missing) => [
        `${missing + 1} bytes before the end of gzip`,
        cut(bytes.length - missing - 1),
      ]),
    ),
    ...Object.fromEntries(
      boundaries.flatMap(({ at, ends }) => [
        [`where a ${ends} ends, at ${at}`, cutTar(at)],
        [`before a ${ends} ends, at ${at - 1}`, cutTar(at - 1)],
      ]),
    ),
    'in the middle of the first header': cutTar(100),
    'without the blocks at the end': cutTar(end),
    'with half of the blocks at the end': cutTar(end + 512),
    'in the last byte of the blocks at the end': cutTar(tar.length - 1),
    'and compressed to its end with nothing in it': () => gzipSync(''),
  })
}

export const COMPRESSIONS: HostileCases = {
  ...refused('NOT_AN_ARCHIVE', {
    'a tar that is not compressed': ({ tar }) => tar,
    'a zip': () => Buffer.from('PK\u0003\u0004 and so on'),
    'compressed twice': ({ bytes }) => gzipSync(bytes),
    'something else that is compressed': () => gzipSync('x'.repeat(2000)),
    'a page of the web': () => Buffer.from('<!doctype html><title>404</title>'),
    'compressed in an unknown way': ({ bytes }) => Buffer.from(bytes).fill(9, 2, 3),
    'a gigabyte of spaces': () => bomb(1024, ' '),
  }),
  ...refused('ARCHIVE_TRUNCATED', {
    'a gigabyte of nothing': () => bomb(32, '\0'),
  }),
  ...refused('ARCHIVE_DAMAGED', {
    'with garbage behind it': ({ bytes }) => Buffer.concat([bytes, Buffer.from('garbage')]),
    'with the beginning of another member behind it': ({ bytes }) =>
      Buffer.concat([bytes, Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])]),
    'with another sum in its trailer': ({ bytes }) => bent(bytes, bytes.length - 6),
    'with another length in its trailer': ({ bytes }) => bent(bytes, bytes.length - 2),
  }),
  ...refused('ARCHIVE_TOO_LARGE', {
    'a gigabyte of padding behind its end': ({ bytes }) => Buffer.concat([bytes, bomb(1024, '\0')]),
    'a gigabyte of padding in a hundred members': ({ bytes }) =>
      Buffer.concat([bytes, ...Array.from({ length: 100 }, () => bomb(10, '\0'))]),
    'padding without end before its manifest': ({ bytes }) => Buffer.concat([bomb(128, '\0'), bytes]),
    'headers without end': ({ entries }) =>
      archiveOf([
        ...entries.slice(0, 2),
        ...Array.from({ length: 10 }, () => fileEntry('x', paxRecord('comment', 'x'.repeat(3 * MEGABYTE)), 'x')),
        ...entries.slice(2),
      ]),
  }),
  ...refused('VERIFICATION_FAILED', {
    'a gigabyte in the place of a small file': ({ entries }) => {
      const head = [...entries.slice(0, 3), tarHeader('files/a.txt', '0', 1024 * MEGABYTE)]
      return Buffer.concat([gzipSync(Buffer.concat(head)), bomb(1024, 'x')])
    },
  }),
  ...refused('imported', {
    'in a thousand members': ({ tar }) => {
      const size = Math.ceil(tar.length / 1000)
      return Buffer.concat(
        Array.from({ length: 1000 }, (_, part) => gzipSync(tar.subarray(part * size, (part + 1) * size))),
      )
    },
    'with a hundred thousand empty members before it': ({ bytes }) =>
      Buffer.concat([...Array<Buffer>(100_000).fill(gzipSync('')), bytes]),
    'with the padding of a tape behind it': ({ bytes }) => Buffer.concat([bytes, Buffer.alloc(10_240)]),
    'with another date, flag and system in its header': ({ bytes }) => Buffer.from(bytes).fill(7, 4, 10),
    'without compression': ({ tar }) => gzipSync(tar, { level: 0 }),
    'with a name and a comment in its header': ({ bytes }) =>
      Buffer.concat([
        Buffer.from([0x1f, 0x8b, 8, 0x18, 0, 0, 0, 0, 0, 3]),
        Buffer.from('../../evil\0rm -rf /\0'),
        bytes.subarray(GZIP_HEADER),
      ]),
  }),
}

/** Megabytes of one letter, which compress to a thousandth. */
function bomb(megabytes: number, letter: string): Buffer {
  const member = gzipSync(Buffer.alloc(MEGABYTE, letter), { level: 9 })
  return Buffer.concat(Array<Buffer>(megabytes).fill(member))
}

function bent(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] as number) ^ 1
  return copy
}

/**
 * The content of an image as one hash that need not be computed anew when little has changed: SHA-256 over the SHA-256
 * of each block. Blocks have a size of their own, so that nothing depends on the page size of a database.
 *
 * For images only that SQLite has not open in this process to write: closing a descriptor drops its locks.
 */
import { createHash, hash } from 'node:crypto'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { IntegrityError } from '../../base/errors.js'
import { readFully } from './read-fully.js'

/** The largest page that SQLite knows. */
export const BLOCK = 2 ** 16
const BYTES_OF_HASH = 32

export interface ChangedBlocks {
  /** Length of the whole file. */
  readonly bytes: number
  /** Numbers of the blocks that may differ from what they were before. */
  readonly blocks: readonly number[]
}

/** The hashes of all blocks, one behind the other; the last block may be short. */
export function hashBlocks(file: string): Uint8Array {
  return withFile(file, (descriptor, bytes) => {
    const hashes = new Uint8Array(Math.ceil(bytes / BLOCK) * BYTES_OF_HASH)
    for (let block = 0; block * BLOCK < bytes; block += 1) hashInto(hashes, descriptor, block)
    return hashes
  })
}

/**
 * The hashes of a file of which only some blocks have changed since the `known` ones were computed.
 *
 * @throws IntegrityError (`IMAGE_DIFFERS`) where the file is not as long as it was said to be.
 */
export function rehashBlocks(file: string, known: Uint8Array, changed: ChangedBlocks): Uint8Array {
  return withFile(file, (descriptor, bytes) => {
    if (bytes !== changed.bytes) throw new ImageDiffersError(file)
    const hashes = new Uint8Array(Math.ceil(bytes / BLOCK) * BYTES_OF_HASH)
    hashes.set(known.subarray(0, hashes.length))
    for (const block of changed.blocks) hashInto(hashes, descriptor, block)
    return hashes
  })
}

/** The one hash, in hexadecimal. */
export function rootOf(hashes: Uint8Array): string {
  return createHash('sha256').update(hashes).digest('hex')
}

const buffer = Buffer.alloc(BLOCK)

function hashInto(hashes: Uint8Array, descriptor: number, block: number): void {
  const content = readFully(descriptor, buffer, block * BLOCK)
  hashes.set(hash('sha256', content, 'buffer'), block * BYTES_OF_HASH)
}

function withFile<T>(file: string, read: (descriptor: number, bytes: number) => T): T {
  const descriptor = openSync(file, 'r')
  try {
    return read(descriptor, fstatSync(descriptor).size)
  } finally {
    closeSync(descriptor)
  }
}

/** An image is not what was written into it; nothing was admitted. */
export class ImageDiffersError extends IntegrityError {
  constructor(file: string) {
    super(`${file} is not the image that was written`, {
      code: 'IMAGE_DIFFERS',
      hint: 'give the same command again; if it happens again, look into the state of the disk',
    })
  }
}

/**
 * Making one file equal to another by writing only what differs: how an image that was taken a while ago catches up
 * with its database at the price of reading both.
 *
 * The files are compared byte for byte, in pieces no larger than most pages. A process of its own runs this, too, and
 * begins the sooner the less is imported here.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { BLOCK, type ChangedBlocks } from './block-hashes.js'
import { readFully } from './read-fully.js'

const CHUNK = 16 * BLOCK
const PIECE = 4096

/**
 * Makes the file `to`, which must exist, equal to `from`, a file or its bytes, and flushes it to the disk where that
 * changed anything. When this fails, `to` is neither the one nor the other, and can be amended again.
 *
 * @returns the blocks that were written or cut.
 */
export function amendFile(from: string | Uint8Array, to: string): ChangedBlocks {
  const target = openSync(to, 'r+')
  try {
    if (typeof from !== 'string') return amend(at => from.subarray(at, at + CHUNK), target)
    return amendFromFile(from, target)
  } finally {
    closeSync(target)
  }
}

function amendFromFile(from: string, target: number): ChangedBlocks {
  const source = openSync(from, 'r')
  const buffer = Buffer.alloc(CHUNK)
  try {
    return amend(at => readFully(source, buffer, at), target)
  } finally {
    closeSync(source)
  }
}

/** Gives the next bytes from a position; fewer than a chunk only where they end. */
type ChunkReader = (at: number) => Uint8Array

function amend(read: ChunkReader, target: number): ChangedBlocks {
  const before = fstatSync(target).size
  const blocks = new Set<number>()
  const bytes = eachDifference(read, target, (piece, at) => {
    writeFully(target, piece, at)
    blocks.add(Math.floor(at / BLOCK))
  })
  if (bytes < before) {
    ftruncateSync(target, bytes)
    blocks.add(Math.floor(bytes / BLOCK))
  }
  if (blocks.size > 0) fsyncSync(target)
  return { bytes, blocks: [...blocks].filter(block => block * BLOCK < bytes) }
}

/** Calls `use` with each piece of the source that differs from the target's; returns the length of the source. */
function eachDifference(read: ChunkReader, target: number, use: (piece: Uint8Array, at: number) => void): number {
  const buffer = Buffer.alloc(CHUNK)
  for (let at = 0; ; at += CHUNK) {
    const wanted = read(at)
    const present = readFully(target, buffer, at).subarray(0, wanted.length)
    for (const offset of differingPieces(wanted, present)) use(wanted.subarray(offset, offset + PIECE), at + offset)
    if (wanted.length < CHUNK) return at + wanted.length
  }
}

/** Where in `wanted` the pieces begin that `present` does not have. */
function* differingPieces(wanted: Uint8Array, present: Uint8Array): Generator<number> {
  if (Buffer.compare(wanted, present) === 0) return
  for (let at = 0; at < wanted.length; at += PIECE)
    if (Buffer.compare(wanted.subarray(at, at + PIECE), present.subarray(at, at + PIECE)) !== 0) yield at
}

function writeFully(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length; )
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written)
}

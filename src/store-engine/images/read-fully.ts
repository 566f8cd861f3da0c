import { readSync } from 'node:fs'

/** Reads up to the length of `buffer` from `position`; less only where the file ends. One `read` may give less. */
export function readFully(descriptor: number, buffer: Uint8Array, position: number): Uint8Array {
  let length = 0
  while (length < buffer.length) {
    const read = readSync(descriptor, buffer, length, buffer.length - length, position + length)
    if (read === 0) break
    length += read
  }
  return buffer.subarray(0, length)
}

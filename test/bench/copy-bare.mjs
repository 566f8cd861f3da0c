/** The floor of a move: every file of a directory copied, flushed and hashed, and the directories flushed. */
import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'

const buffer = Buffer.alloc(2 ** 20)

/** Returns the milliseconds that it took. Logs of databases are left out: what they hold is no part of the copy. */
export function copyBare(from, to) {
  const start = process.hrtime.bigint()
  copyTree(from, to)
  return Number(process.hrtime.bigint() - start) / 1e6
}

function copyTree(from, to) {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyTree(source, target)
    else if (!/-(wal|shm)$/.test(entry.name)) copyFile(source, target)
  }
  const directory = openSync(to, 'r')
  fsyncSync(directory)
  closeSync(directory)
}

function copyFile(from, to) {
  copyFileSync(from, to)
  const descriptor = openSync(to, 'r+')
  fsyncSync(descriptor)
  const hash = createHash('sha256')
  for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer))
    hash.update(buffer.subarray(0, read))
  hash.digest()
  closeSync(descriptor)
}

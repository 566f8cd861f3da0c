import { createHash } from 'node:crypto'
import { closeSync, copyFileSync, fsyncSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { bytes, integer } from '../../dist/store-engine/attributes/attributes.js'
import { item } from '../../dist/store-engine/items/item.js'
import { registerItemTypes } from '../../dist/store-engine/items/registry.js'
import { Store } from '../../dist/store-engine/store.js'
import { bin, median, runProgram, withDirectory } from './measure.mjs'

class Blob extends item({
  typeName: 'bench_blob',
  version: 1,
  module: 'axiom.item',
  attributes: { content: bytes(), rank: integer() },
}) {}
registerItemTypes(Blob)

const ADDRESS = 'mover@example.com'
const ROUNDS = 5

/** A move of a store that nobody writes, against copying its database, syncing the copy and hashing it. */
export async function measureTransfer(scale) {
  return withDirectory(async directory => {
    const sites = ['a', 'b'].map(name => join(directory, `${name}.axiom`))
    for (const site of sites) await runProgram([bin, 'create-site', site, '--hostname', 'example.com'])
    await runProgram([bin, 'useradd', ADDRESS, '--generate', '--site', sites[0]])
    fill(userStore(sites[0]), 200 * scale)
    const ours = []
    const floor = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const [from, to] = round % 2 === 0 ? sites : [sites[1], sites[0]]
      floor.push(copyBare(join(userStore(from), 'db.sqlite'), join(directory, `copy${round}`)))
      const run = await runProgram([bin, 'transfer-user', ADDRESS, '--site', from, '--to', to, '--yes'], {
        memory: true,
      })
      ours.push(run.milliseconds)
    }
    const size = statSync(join(directory, 'copy0')).size / 2 ** 20
    return [
      {
        what: `transfer-user of ${size.toFixed(0)} MiB`,
        value: median(ours) / median(floor),
        unit: '×',
        target: 2.5,
        detail: `${median(ours).toFixed(0)} ms, floor ${median(floor).toFixed(0)} ms, medians of ${ROUNDS}; to and fro between two sites`,
      },
    ]
  })
}

function userStore(site) {
  return join(site, 'files', 'account', 'example.com', 'mover.axiom')
}

function fill(directory, mebibytes) {
  const store = Store.open(directory)
  store.transact(() => {
    for (let rank = 0; rank < mebibytes * 4; rank += 1) {
      const content = Buffer.alloc(2 ** 18 - 64)
      for (let at = 0; at < content.length; at += 4) content.writeUInt32LE((rank * 2654435761 + at * 40503) >>> 0, at)
      store.create(Blob, { content, rank })
    }
  })
  store.engine.connection.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
  store.close()
}

function copyBare(from, to) {
  const start = process.hrtime.bigint()
  copyFileSync(from, to)
  const descriptor = openSync(to, 'r+')
  fsyncSync(descriptor)
  const hash = createHash('sha256')
  const buffer = Buffer.alloc(2 ** 20)
  for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer))
    hash.update(buffer.subarray(0, read))
  hash.digest()
  closeSync(descriptor)
  return Number(process.hrtime.bigint() - start) / 1e6
}

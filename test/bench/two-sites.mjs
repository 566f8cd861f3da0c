/** Two sites for the benches of moving users, and stores of a known shape in the first. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bytes, integer } from '../../dist/store-engine/attributes/attributes.js'
import { item } from '../../dist/store-engine/items/item.js'
import { registerItemTypes } from '../../dist/store-engine/items/registry.js'
import { Store } from '../../dist/store-engine/store.js'
import { bin, runProgram } from './measure.mjs'

class Blob extends item({
  typeName: 'bench_blob',
  version: 1,
  module: 'axiom.item',
  attributes: { content: bytes(), rank: integer() },
}) {}
registerItemTypes(Blob)

const QUARTER_MEBIBYTE = 2 ** 18

export async function makeTwoSites(directory) {
  const sites = ['a', 'b'].map(name => join(directory, `${name}.axiom`))
  for (const site of sites) await runProgram([bin, 'create-site', site, '--hostname', 'example.com'])
  return sites
}

/** Where the store of `name@example.com` lies in a site. */
export function userStore(site, name) {
  return join(site, 'files', 'account', 'example.com', `${name}.axiom`)
}

/**
 * Fills a user's store with `mebibytes` of database in items of `size` bytes, and as many `files` of a quarter of a
 * mebibyte; and makes the table that `store-writer` writes.
 */
export function fillStore(directory, { mebibytes, size = QUARTER_MEBIBYTE - 64, files = 0 }) {
  const store = Store.open(directory)
  store.transact(() => {
    store.sql.exec('CREATE TABLE mantissa_bench (writer, number, content, PRIMARY KEY (writer, number))')
    const count = Math.round((mebibytes * 2 ** 20) / (size + 64))
    for (let rank = 0; rank < count; rank += 1) store.create(Blob, { content: contentOf(rank, size), rank })
  })
  store.emptyLog(1000)
  store.close()
  mkdirSync(join(directory, 'files', 'letters'), { recursive: true })
  for (let rank = 0; rank < files; rank += 1)
    writeFileSync(join(directory, 'files', 'letters', `${rank}`), contentOf(rank, QUARTER_MEBIBYTE))
}

/** Bytes that no file system keeps as a hole, others for each rank. */
function contentOf(rank, size) {
  const content = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) content.writeUInt32LE((rank * 2654435761 + at * 40503) >>> 0, at)
  return content
}

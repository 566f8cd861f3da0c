import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { amendFile } from '../../../src/store-engine/images/amend-file.js'
import { BLOCK, hashBlocks, rehashBlocks, rootOf } from '../../../src/store-engine/images/block-hashes.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'

const LONGEST = 20 * BLOCK

/** A file of random length, and what became of it: pieces overwritten, and another length. */
const files = fc.record({
  length: fc.nat(LONGEST),
  seed: fc.nat(250),
  changes: fc.array(fc.record({ at: fc.nat(LONGEST), bytes: fc.uint8Array({ minLength: 1, maxLength: 9000 }) }), {
    maxLength: 6,
  }),
  newLength: fc.option(fc.nat(LONGEST)),
})

function contentOf(length: number, seed: number): Buffer {
  const content = Buffer.alloc(length)
  for (let at = 0; at < length; at += 1) content[at] = at * 31 + (at >> 12) + seed
  return content
}

it('makes a file equal to another, and knows the hashes of what it is then', () => {
  const [from, to] = ['from', 'to'].map(name => join(temporaryDirectory(), name)) as [string, string]
  fc.assert(
    fc.property(files, ({ length, seed, changes, newLength }) => {
      const before = contentOf(length, seed)
      const grown = Buffer.concat([before, contentOf(LONGEST - length, seed + 1)])
      for (const { at, bytes } of changes) grown.set(bytes.subarray(0, LONGEST - at), at)
      const after = grown.subarray(0, newLength ?? length)
      writeFileSync(to, before)
      writeFileSync(from, after)
      const known = hashBlocks(to)
      const changed = amendFile(from, to)
      expect(readFileSync(to).equals(after)).toBe(true)
      expect(rootOf(rehashBlocks(to, known, changed))).toBe(rootOf(hashBlocks(to)))
      expect(amendFile(from, to)).toEqual({ bytes: after.length, blocks: [] })
    }),
    { numRuns: 60 },
  )
})

it('writes only the pieces that differ, and names their blocks', () => {
  const [from, to] = ['from', 'to'].map(name => join(temporaryDirectory(), name)) as [string, string]
  const content = contentOf(10 * BLOCK, 1)
  writeFileSync(to, content)
  for (const at of [3, 5 * BLOCK + 70, 9 * BLOCK + BLOCK - 1]) content[at] = ~(content[at] ?? 0)
  writeFileSync(from, content)
  expect(amendFile(from, to)).toEqual({ bytes: content.length, blocks: [0, 5, 9] })
})

it('refuses an image that was cut after it was amended', () => {
  const image = join(temporaryDirectory(), 'image')
  writeFileSync(image, contentOf(3 * BLOCK, 1))
  const known = hashBlocks(image)
  truncateSync(image, 2 * BLOCK)
  const rehash = () => rehashBlocks(image, known, { bytes: 3 * BLOCK, blocks: [] })
  expect(rehash).toThrow(expect.objectContaining({ code: 'IMAGE_DIFFERS' }))
})

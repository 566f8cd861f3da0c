import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Store } from '../../../src/store-engine/store.js'
import { cloneFixture } from '../../support/fixtures.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { contentOf, readAll, readsOrRefuses } from '../unharmed.js'

const whole = () => readFileSync(join(cloneFixture('divmod-site.axiom'), 'db.sqlite'))

function asStore(parent: string, image: Uint8Array): string {
  const directory = join(parent, `s${Math.random()}`)
  mkdirSync(directory)
  writeFileSync(join(directory, 'db.sqlite'), image)
  return directory
}

describe('a damaged database', () => {
  it('cut off at any length: what cannot be read is refused in our words, and nothing is changed', () => {
    const [image, parent] = [whole(), temporaryDirectory()]
    const lengths = [0, 1, 15, 16, 17, 99, 100, 101, 511, 512, 1024, 4095, 4096, 4097, 8192, 20_000]
    const later = [0.25, 0.5, 0.75].map(part => Math.floor(image.length * part))
    for (const length of [...lengths, ...later, image.length - 4096]) {
      const directory = asStore(parent, image.subarray(0, length))
      const before = contentOf(directory)
      expect([length, readsOrRefuses(directory)]).toEqual([length, 'refused'])
      expect(contentOf(directory)).toEqual(before)
    }
    expect(readsOrRefuses(asStore(parent, image))).toBe('read')
  })

  it('with a byte changed in its first page: it is read or refused, never anything else', () => {
    const [image, parent] = [whole(), temporaryDirectory()]
    const seen = { read: 0, refused: 0 }
    const offset = fc.oneof(fc.integer({ min: 0, max: 107 }), fc.integer({ min: 0, max: 4095 }))
    fc.assert(
      fc.property(offset, fc.integer({ min: 1, max: 255 }), (position, difference) => {
        const copy = Buffer.from(image)
        copy[position] = (copy[position] ?? 0) ^ difference
        const directory = asStore(parent, copy)
        const before = contentOf(directory)['db.sqlite']
        seen[readsOrRefuses(directory)] += 1
        expect(contentOf(directory)['db.sqlite']).toBe(before)
      }),
      { numRuns: 250 },
    )
    expect(seen.refused).toBeGreaterThan(20)
    expect(seen.read).toBeGreaterThan(20)
  })

  it('with garbage in a page of the middle: reading says damaged, or reads what is left', () => {
    const [image, parent] = [whole(), temporaryDirectory()]
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: image.length / 4096 - 1 }),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (page, garbage) => {
          const copy = Buffer.from(image)
          copy.set(garbage, page * 4096)
          readsOrRefuses(asStore(parent, copy))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('the first bytes of which are of a newer SQLite is refused', () => {
    const image = whole()
    image.fill(9, 18, 20)
    expect(readsOrRefuses(asStore(temporaryDirectory(), image))).toBe('refused')
  })

  it('with a cut-off write-ahead log opens at the last whole commit', () => {
    const directory = join(temporaryDirectory(), 'a.axiom')
    Store.create(directory).close()
    writeFileSync(join(directory, 'db.sqlite-wal'), Buffer.alloc(40, 7))
    using store = Store.open(directory)
    expect(readAll(store)).toBe(0)
  })
})

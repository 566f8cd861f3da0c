import { afterAll, beforeAll, onTestFinished } from 'vitest'

type Deed = () => unknown

/** Where what is being made is shared by a file; otherwise it belongs to the running test. */
let collected: Deed[] | undefined

/** Calls `deed` when the running test ends, or all tests of a file that share what {@link sharedByFile} makes. */
export function atEnd(deed: Deed): void {
  if (collected === undefined) onTestFinished(async () => void (await deed()))
  else collected.push(deed)
}

/** What all tests of a file share, made before the first: call what this returns inside them. */
export function sharedByFile<T>(make: () => T | Promise<T>): () => T {
  const deeds: Deed[] = []
  let made: { readonly it: T } | undefined
  beforeAll(async () => {
    collected = deeds
    try {
      made = { it: await make() }
    } finally {
      collected = undefined
    }
  })
  afterAll(async () => {
    for (const deed of deeds.reverse()) await deed()
  })
  return () => {
    if (made === undefined) throw new Error('it is made before the first test')
    return made.it
  }
}

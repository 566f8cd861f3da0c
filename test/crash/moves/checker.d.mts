export interface ToldByWriter {
  readonly rows: readonly number[]
  readonly files: readonly number[]
  readonly last: number | undefined
}

type OneOf<T> = T | readonly T[]

export interface Expected {
  readonly names: readonly string[]
  readonly accounts?: Readonly<
    Record<string, { readonly disabled?: OneOf<boolean>; readonly passwordHash?: OneOf<string | null> }>
  >
  readonly notes?: Readonly<Record<string, ToldByWriter>>
  readonly tellsOf?: (site: string) => string
}

/** Sentences about what does not hold; see `checker.mjs`. */
export function findWrongs(sites: readonly string[], expected: Expected): string[]

export function fingerprint(sites: readonly string[]): string

/** What `mantissa explain <CODE>` says about one error code. */
export interface Explanation {
  /** One sentence: what has happened. */
  readonly meaning: string
  /** What to do about it, in one to three sentences. */
  readonly remedy: string
}

/** Keyed by error code. */
export type Explanations = Readonly<Record<string, Explanation>>

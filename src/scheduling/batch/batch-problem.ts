/** What a batch worker tells of its work. Plain data: it comes from another thread. */
export type BatchProblem =
  /** A listener has failed with an item; the failure is recorded in the store. */
  | {
      readonly kind: 'item'
      readonly store: string
      /** storeIDs. */
      readonly listener: number | null
      readonly item: number | null
      readonly message: string
    }
  /** A store could not be worked on; it is tried again. Told once, until it can be or the reason is another. */
  | { readonly kind: 'store'; readonly store: string; readonly code: string; readonly message: string }
  /** The thread has ended by itself; another one is started. */
  | { readonly kind: 'thread'; readonly message: string }

/** `code` of an error of ours, or of the operating system; `UNEXPECTED` for others. */
export function storeProblem(store: string, error: unknown): BatchProblem & { readonly kind: 'store' } {
  const { code } = error as { readonly code?: unknown }
  const message = error instanceof Error ? error.message : String(error)
  return { kind: 'store', store, code: typeof code === 'string' ? code : 'UNEXPECTED', message }
}

/**
 * How often somebody may fail to log in.
 *
 * Failures are counted for the name that was tried, for the network address that tried it, and, where the browser shows
 * that it has logged in with this name before, for that browser instead of the name. So whoever tries a name again and
 * again keeps others out of it for a while, and never its owner at a browser that the owner has used.
 *
 * Some failures are free. After that each makes the next attempt wait, twice as long as the one before, up to a limit;
 * while it waits, no password is looked at, right or wrong. An hour without a failure, and all are forgotten. Names
 * that nobody has are counted like others, so the counting tells nothing.
 */

/** What failures are counted for. */
export type Counted = 'name' | 'address' | 'browser'

interface Limit {
  /** Failures that cost nothing. */
  readonly free: number
  /** Seconds that the first failure after those costs. */
  readonly first: number
  /** Seconds that one costs at most. */
  readonly most: number
}

const LIMITS: Readonly<Record<Counted, Limit>> = {
  name: { free: 5, first: 15, most: 900 },
  // An office or a school may share one address.
  address: { free: 40, first: 15, most: 900 },
  browser: { free: 10, first: 15, most: 900 },
}

const SECOND = 1_000_000n

/** Microseconds without a failure after which those before are forgotten. */
export const FORGOTTEN_AFTER = 3600n * SECOND

/** Microseconds that the next attempt waits after so many failures. */
export function waitAfter(counted: Counted, failures: number): bigint {
  const { free, first, most } = LIMITS[counted]
  if (failures <= free) return 0n
  return BigInt(Math.min(first * 2 ** Math.min(failures - free - 1, 30), most)) * SECOND
}

/** How many attempts may be under way at once; one that is under way may fail. */
export function roomAfter(counted: Counted, failures: number): number {
  return Math.max(LIMITS[counted].free - failures, 1)
}

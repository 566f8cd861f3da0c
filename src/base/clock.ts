/** Microseconds since 1970-01-01T00:00:00Z. Code that needs the time takes a clock, so that tests can set it. */
export type Clock = () => bigint

/** The machine's wall clock; its resolution is a millisecond. */
export const systemClock: Clock = () => BigInt(Date.now()) * 1000n

/** RFC 3339 in UTC with six decimals: `2026-01-31T09:30:00.000125Z`. Times before 1970 are right as well. */
export function toIso(microseconds: bigint): string {
  const micros = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = Number((microseconds - micros) / 1_000_000n)
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, `.${String(micros).padStart(6, '0')}Z`)
}

/** Random numbers that a seed brings back. */

/** A function that returns numbers from 0 up to 1, the same for the same text (FNV-1a, then mulberry32). */
export function seeded(text) {
  let state = 0x811c9dc5
  for (const unit of Buffer.from(text)) state = Math.imul(state ^ unit, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

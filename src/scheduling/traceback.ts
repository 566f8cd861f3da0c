const MOST = 65_536
const DEEPEST = 5

/** What is kept of an error: the message first, where it happened, and what caused it. At most 64 KiB of UTF-8. */
export function tracebackOf(error: unknown): Uint8Array {
  return new TextEncoder().encode(textOf(error, DEEPEST)).subarray(0, MOST)
}

/**
 * The line of a recorded traceback that says what went wrong: the first of ours, the last of Python's. Null for an
 * empty one.
 */
export function headlineOf(traceback: string): string | null {
  const lines = traceback.split('\n').filter(line => line.trim() !== '')
  return (traceback.startsWith('Traceback') ? lines.at(-1) : lines[0])?.trim() ?? null
}

function textOf(error: unknown, depth: number): string {
  if (!(error instanceof Error)) return String(error)
  const reasons = [
    ...(error.cause === undefined ? [] : [error.cause]),
    ...(error instanceof AggregateError ? error.errors : []),
  ]
  const own = error.stack ?? `${error.name}: ${error.message}`
  return [own, ...(depth === 0 ? [] : reasons.map(each => `caused by: ${textOf(each, depth - 1)}`))].join('\n')
}

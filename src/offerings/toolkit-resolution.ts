/**
 * Runs on Node's loader thread, for versions of Node without synchronous hooks; see `share-toolkit`.
 */
let entry = ''

export function initialize(data: { readonly entry: string }): void {
  entry = data.entry
}

interface Resolution {
  readonly url: string
  readonly shortCircuit?: boolean
}

export function resolve(
  name: string,
  context: object,
  next: (name: string, context: object) => Promise<Resolution>,
): Resolution | Promise<Resolution> {
  return name === 'mantissa' ? { url: entry, shortCircuit: true } : next(name, context)
}

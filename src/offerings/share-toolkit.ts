import * as nodeModule from 'node:module'

/** Newer than the types of the Node version that we support at least. */
interface SynchronousHooks {
  registerHooks?: (hooks: { resolve: (name: string, context: unknown, next: NextResolve) => unknown }) => void
}
type NextResolve = (name: string, context: unknown) => unknown

let shared = false

/**
 * Lets `import … from 'mantissa'` mean the running toolkit in every module loaded from now on, wherever it lies.
 *
 * An offering with a copy of the toolkit of its own would have its own registry of item types, and its items would be
 * strangers to the stores that are open here. Repeating the call does nothing.
 */
export function shareToolkit(): void {
  if (shared) return
  shared = true
  const entry = new URL('../index.js', import.meta.url).href
  const { registerHooks } = nodeModule as unknown as SynchronousHooks
  if (registerHooks === undefined) {
    nodeModule.register(new URL('./toolkit-resolution.js', import.meta.url), { data: { entry } })
    return
  }
  registerHooks({
    resolve: (name, context, next) => (name === 'mantissa' ? { url: entry, shortCircuit: true } : next(name, context)),
  })
}

import { resolve } from 'node:path'
import type { WebChanges } from '../../../offerings/web-settings/change-web.js'
import type { CommandContext } from '../../command-context.js'

/** As typed. */
export interface WebFlags {
  readonly hostname?: string
  readonly publicUrl?: string
  readonly httpLog?: string
  readonly trustedProxy?: readonly string[]
  /** `prefix:path` each. */
  readonly static?: readonly string[]
  readonly removeStatic?: readonly string[]
  /** `from:to` each. */
  readonly redirect?: readonly string[]
  readonly removeRedirect?: readonly string[]
  readonly list?: boolean
}

/** What the flags ask to be changed; undefined where they ask for nothing but to be shown. */
export async function changesOf(flags: WebFlags, { env }: CommandContext): Promise<WebChanges | undefined> {
  const { list: _shown, ...asked } = flags
  if (Object.keys(asked).length === 0) return undefined
  const { parsePrefix } = await import('../../../offerings/web-settings/url-prefix.js')
  const pairs = (texts: readonly string[] = []) => texts.map(splitPair).map(([a, b]) => [parsePrefix(a), b] as const)
  const { hostname, publicUrl, httpLog, trustedProxy } = flags
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(publicUrl === undefined ? {} : { publicUrl: orNone(publicUrl) }),
    ...(httpLog === undefined ? {} : { httpLog: orNone(httpLog) }),
    ...(trustedProxy === undefined ? {} : { trustedProxies: trustedProxy.filter(each => orNone(each) !== null) }),
    statics: pairs(flags.static).map(([prefix, path]) => ({ prefix, path: resolve(env.currentDirectory, path) })),
    redirects: pairs(flags.redirect).map(([prefix, target]) => ({ prefix, target })),
    removedStatics: (flags.removeStatic ?? []).map(parsePrefix),
    removedRedirects: (flags.removeRedirect ?? []).map(parsePrefix),
  }
}

/** Nothing means none too, as in the original. */
function orNone(text: string): string | null {
  return text === '' || text === 'none' ? null : text
}

function splitPair(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  return [text.slice(0, colon), text.slice(colon + 1)]
}

/**
 * What an administrator has put at prefixes of the site's paths: directories of files, and redirects.
 *
 * They are looked for before the routes, so a prefix counts before an offering of that name; but not before the paths
 * that the site itself needs, or a redirect could keep everybody out who wants to log in. At the empty prefix a
 * directory shows those files that it has and leaves the rest to others, and a redirect is for `/` alone.
 */
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound } from '../refusal.js'
import { findFile } from './find-file.js'
import type { RootPlugin } from './root-plugins.js'

/** First segments of paths that nothing of an administrator's shadows. */
const NEVER_SHADOWED: ReadonlySet<string> = new Set([
  ...['login', 'logout', 'private', 'admin', 'users', 'static'],
  // Of the original.
  ...['live', 'Mantissa', '__jsmodule__'],
])

/** Pages of an administrator may have styles inside of them; scripts come from files of the site here as well. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;script-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'"

export async function registerStaticContent(app: FastifyInstance): Promise<void> {
  await app.register(staticFiles, { serve: false, root: '/', dotfiles: 'deny', index: false })
  app.addHook('onRequest', (request, reply, done) => {
    const { plugins } = app.web.facts
    if (plugins.length === 0 || (request.method !== 'GET' && request.method !== 'HEAD')) return done()
    const segments = pathSegments(request.url)
    const plugin = segments === undefined ? undefined : plugins.find(each => isBelow(each, segments))
    if (segments === undefined || plugin === undefined || NEVER_SHADOWED.has(segments[0] ?? '')) return done()
    show(plugin, segments, { request, reply }).then(isShown => (isShown ? undefined : done()), done)
  })
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** False where others may answer. @throws WebRefusal */
async function show(plugin: RootPlugin, segments: readonly string[], { request, reply }: Exchange): Promise<boolean> {
  if ('target' in plugin) {
    reply.header('cache-control', 'no-cache').redirect(plugin.target, 302)
    return true
  }
  const shown = await sendFileOf(plugin.directory, segments.slice(plugin.prefix.length), { request, reply })
  if (!shown && plugin.prefix.length > 0) throw notFound()
  return shown
}

/**
 * Answers with a file below `directory`; a directory is its `index.html`, at the slash. Nothing outside is ever shown,
 * whatever links lead there, nothing whose name begins with a dot, and no list of what there is.
 */
export async function sendFileOf(
  directory: string,
  segments: readonly string[],
  { request, reply }: Exchange,
): Promise<boolean> {
  const found = await findFile(directory, segments)
  if (found === undefined) return false
  if (found.wantsSlash) {
    const [path = '', query] = request.originalUrl.split(/\?(.*)/s)
    reply.redirect(`${path}/${query === undefined ? '' : `?${query}`}`, 308)
    return true
  }
  reply.header('content-security-policy', CONTENT_SECURITY_POLICY)
  reply.sendFile(found.name, found.root, { dotfiles: 'deny', index: false, maxAge: 0 })
  return true
}

/** The decoded segments of a path, the last one `''` at a slash; undefined where one is not properly encoded. */
export function pathSegments(url: string): readonly string[] | undefined {
  const [path = ''] = url.split('?', 1)
  try {
    return path.slice(1).split('/').map(decodeURIComponent)
  } catch {
    return undefined
  }
}

function isBelow(plugin: RootPlugin, segments: readonly string[]): boolean {
  const { prefix } = plugin
  if (prefix.length === 0 && 'target' in plugin) return segments.length === 1 && segments[0] === ''
  return prefix.every((segment, index) => segments[index] === segment)
}

import { lstatSync, realpathSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import { assertInside } from '../../base/safe-path.js'
import type { Store } from '../../store-engine/store.js'
import { siteCertificatePath } from '../certificates/site-certificate.js'
import { badLogPath, badStaticPath, badTarget } from './web-errors.js'

/**
 * A directory that may be shown to everybody.
 * @param path - absolute.
 * @throws InvalidInputError (`STATIC_PATH`) where it is no directory, or holds the site, or is part of it: there are the
 *   stores of its users.
 */
export function assertShowable(siteStore: Store, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() !== true) throw badStaticPath(path, 'is no directory')
  const [real, site] = [realpathSync(path), realpathSync(siteStore.directory ?? '')]
  if (isWithin(real, site) || isWithin(site, real)) throw badStaticPath(path, 'would show the stores of the site')
}

/**
 * Where the HTTP log goes, absolute.
 * @param text - from the site's `files/` on, or absolute.
 * @throws InvalidInputError (`HTTP_LOG_PLACE`) outside of `files/`, and where something else lies or belongs;
 *   IntegrityError (`PATH_ESCAPES`) where a link leads outside.
 */
export function httpLogPath(siteStore: Store, text: string): string {
  const files = siteStore.filesDirectory ?? ''
  const path = resolve(files, text)
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) throw badLogPath(JSON.stringify(text), 'has a name that is none')
  const [first = ''] = relative(files, path).split(sep)
  if (path === files || !isWithin(path, files)) throw badLogPath(text, 'is not below the files of the site')
  assertInside(files, path)
  if (first === 'account' || first === 'app') throw badLogPath(text, 'would lie among the stores')
  if (path === siteCertificatePath(siteStore)) throw badLogPath(text, 'is the certificate of the site')
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) throw badLogPath(text, 'is no file')
  return path
}

/**
 * What a redirection may lead to: an address of the web, or a path of this site that is not below the prefix itself.
 * @throws InvalidInputError (`REDIRECT_TARGET`)
 */
export function assertTarget(target: string, prefix: string): void {
  if (!/^[\x21-\x7e]+$/.test(target)) throw badTarget(target, 'holds what an address cannot')
  if (/^\/(?![/\\])/.test(target)) {
    if (isWithinUrl(target.slice(1), prefix)) throw badTarget(target, `leads back to ${prefix}`)
    return
  }
  const url = URL.canParse(target) ? new URL(target) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw badTarget(target, 'is no address of the web')
  if (url.username !== '' || url.password !== '') throw badTarget(`${url.protocol}//…`, 'holds a name or a password')
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
}

function isWithinUrl(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && /^(?:$|[/?#])/.test(path.slice(prefix.length))
}

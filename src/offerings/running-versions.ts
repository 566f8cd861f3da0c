import type { Site } from '../site/site.js'
import type { PackageVersion } from '../store-engine/versions/version-history.js'
import { listDeclaredOfferings, toolkitVersion } from './declarations.js'
import { getInstalledOfferingNames } from './installed-offerings.js'

/**
 * The software that would work on a site now: the toolkit, and the installed offerings whose packages say which version
 * they are. Runs no code of theirs.
 */
export function runningVersions(site: Site): readonly PackageVersion[] {
  const declared = new Map(listDeclaredOfferings(site).map(({ name, version }) => [name.toLowerCase(), version]))
  const offerings = getInstalledOfferingNames(site.store).flatMap(name => {
    const version = declared.get(name.toLowerCase()) ?? null
    return version === null ? [] : [{ package: name, version }]
  })
  return [{ package: 'mantissa', version: toolkitVersion() }, ...offerings.filter(each => each.package !== 'mantissa')]
}

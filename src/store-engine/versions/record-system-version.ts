import { InvalidInputError } from '../../base/errors.js'
import type { Timestamp } from '../attributes/timestamp.js'
import type { Store } from '../store.js'
import { SoftwareVersion, SystemVersion } from './system-version.js'
import { lastRecordedVersions, type PackageVersion } from './version-history.js'

/**
 * Records which software works on a store from now on, unless that is what was recorded last; going back to an earlier
 * set is a change like any other. Returns whether it was recorded. To be called once by a node that starts.
 * @throws InvalidInputError where one package is given twice; nothing is recorded.
 */
export function recordSystemVersion(store: Store, software: readonly PackageVersion[], now: Timestamp): boolean {
  const wanted = byPackage(software)
  return store.transact(() => {
    const last = lastRecordedVersions(store)
    if (last !== undefined && isSame(wanted, last)) return false
    const systemVersion = store.create(SystemVersion, { creation: now })
    for (const each of software) store.create(SoftwareVersion, { systemVersion, ...each, ...numbersOf(each.version) })
    return true
  })
}

function byPackage(software: readonly PackageVersion[]): ReadonlyMap<string, string> {
  const versions = new Map(software.map(each => [each.package, each.version]))
  if (versions.size < software.length) throw new InvalidInputError('a package has one version at a time')
  return versions
}

function isSame(wanted: ReadonlyMap<string, string>, last: readonly PackageVersion[]): boolean {
  return last.length === wanted.size && last.every(each => wanted.get(each.package) === each.version)
}

/** What a version does not say is 0. */
function numbersOf(version: string): { major: number; minor: number; micro: number } {
  const [major = 0, minor = 0, micro = 0] = (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number)
  return { major, minor, micro }
}

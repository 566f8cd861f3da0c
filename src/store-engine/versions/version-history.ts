import type { Timestamp } from '../attributes/timestamp.js'
import type { Store } from '../store.js'
import { SoftwareVersion, SystemVersion } from './system-version.js'

export interface PackageVersion {
  readonly package: string
  /** As the package writes it, such as `0.9.0`. */
  readonly version: string
}

/** What worked on a store from a moment on. */
export interface RecordedVersions {
  readonly recorded: Timestamp
  /** In the order in which they were recorded. */
  readonly software: readonly PackageVersion[]
}

/**
 * The newest first. That is the order in which they were recorded: a clock that was set back has made a record older
 * than the one before it.
 */
export function listVersionHistory(store: Store): RecordedVersions[] {
  const systems = store.query(SystemVersion, { sort: SystemVersion.storeID.descending })
  return [...systems].map(system => ({ recorded: system.creation, software: packagesOf(system) }))
}

/** What worked on the store last, as far as it is recorded. */
export function lastRecordedVersions(store: Store): readonly PackageVersion[] | undefined {
  const newest = store.findFirst(SystemVersion, undefined, { sort: SystemVersion.storeID.descending })
  return newest === undefined ? undefined : packagesOf(newest)
}

function packagesOf(system: SystemVersion): PackageVersion[] {
  const versions = system.store.query(SoftwareVersion, { where: SoftwareVersion.systemVersion.equals(system) })
  return [...versions].map(each => ({ package: each.package, version: each.version }))
}

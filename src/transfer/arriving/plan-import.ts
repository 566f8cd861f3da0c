import { assertNamesFree } from '../../accounts/address-free.js'
import { getLoginSystem } from '../../accounts/login-system.js'
import { formatAddress } from '../../base/address.js'
import type { Site } from '../../site/site.js'
import { warningsOfApplication } from '../applications/plan-application.js'
import { readArchiveManifest } from '../archive/archive-reader.js'
import { assertMayArrive, assertOneFileSystem } from '../places.js'
import { assertSpace, warningsOfRights } from '../plan-transfer.js'
import { announcedBy, announcedByDirectory, isCopy, keepsIdentity, refuseReturn } from './announced-user.js'
import type { ImportOptions, ImportSource } from './import-options.js'
import { warningsOfUnsent } from './unsent-messages.js'

/** What an import would do. */
export interface ImportPlan {
  readonly address: string
  readonly addresses: readonly string[]
  readonly leftOut: readonly string[]
  /** The offering whose application store it is; null for a person's. */
  readonly offering: string | null
  readonly bytes: number
  readonly identity: 'kept' | 'new'
  readonly warnings: readonly string[]
}

/** Reads what is announced, and holds it against the site; of an archive only the beginning. Changes nothing. */
export async function planImport(site: Site, from: ImportSource, options: ImportOptions = {}): Promise<ImportPlan> {
  getLoginSystem(site.store)
  assertOneFileSystem(site)
  assertMayArrive(site)
  const announced =
    from.kind === 'archive'
      ? announcedBy(await readArchiveManifest(from.input), options)
      : await announcedByDirectory(from.directory, options)
  const { addresses, application, storeId, bytes } = announced
  const warnings = application === null ? [] : await warningsOfApplication(site, { ...announced, application })
  const keeps = keepsIdentity(announced, options)
  assertNamesFree(site, addresses, {
    reuseNames: options.reuseNames ?? false,
    ...(keeps && storeId !== null ? { returningStoreId: storeId } : {}),
  })
  if (keeps) refuseReturn(site, announced, options)
  assertSpace(site.directory, bytes * 1.2)
  const names = addresses.map(formatAddress)
  return {
    address: names[0] ?? '',
    addresses: names,
    leftOut: announced.leftOut.map(formatAddress),
    offering: application?.offering ?? null,
    bytes,
    identity: keeps ? 'kept' : 'new',
    warnings: [
      ...warnings,
      ...warningsOfRights(announced.itemTypes, names[0] ?? ''),
      ...(isCopy(announced, options) ? warningsOfUnsent(announced.itemTypes) : []),
    ],
  }
}

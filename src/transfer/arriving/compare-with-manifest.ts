import { type AccountRecord, sameMethod } from '../../accounts/account-record.js'
import { type Fence, readFence } from '../../store-engine/database/write-fence.js'
import type { Store } from '../../store-engine/store.js'
import type { Manifest } from '../archive/manifest.js'
import { ArchiveRefusedError } from '../archive-faults.js'
import { differenceOfRows } from '../copying/database-check.js'
import { contentFacts } from '../copying/staged-image.js'

/**
 * Holds the database that arrived against what the manifest says is in it. Its bytes are those that were announced; so
 * a difference means that the manifest was made for another store, or was made up.
 *
 * @throws ArchiveRefusedError (`ARCHIVE_MANIFEST_FALSE`) naming the first difference.
 */
export function compareWithManifest(store: Store, record: AccountRecord, manifest: Manifest): void {
  const fault = differenceFrom(store, record, manifest)
  if (fault !== undefined) throw new ArchiveRefusedError('ARCHIVE_MANIFEST_FALSE', `the manifest is false: ${fault}`)
}

function differenceFrom(store: Store, record: AccountRecord, manifest: Manifest): string | undefined {
  const facts = contentFacts(store)
  const rows = differenceOfRows(manifest.database.rows, facts.rows)
  if (rows !== undefined) return rows
  if (facts.schemaSha256 !== manifest.database.schemaSha256) return 'the schema of the database is another'
  if (store.sql.value<number>('PRAGMA page_count') !== manifest.database.pages) return 'the number of pages is another'
  if (facts.nextEvent !== manifest.nextEvent) return 'the earliest event is another'
  if (!sameIdentity(readFence(store), manifest)) return 'the identity of the store is another'
  if (!sameMethods(record, manifest)) return 'the login methods in the database are others'
  return record.disabled === manifest.disabled ? undefined : 'whether the account is disabled differs'
}

function sameIdentity(fence: Fence | null, manifest: Manifest): boolean {
  if (fence === null) return false
  const { storeId, epoch, incarnation, owner } = fence
  const isEqual = storeId === manifest.storeId && epoch === manifest.epoch && incarnation === manifest.incarnation
  return isEqual && manifest.removed === (owner === '')
}

function sameMethods({ methods }: AccountRecord, manifest: Manifest): boolean {
  if (methods.length !== manifest.methods.length) return false
  return methods.every(method => manifest.methods.some(announced => sameMethod(method, announced)))
}

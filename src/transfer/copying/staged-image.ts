import { join } from 'node:path'
import type { AccountRecord } from '../../accounts/account-record.js'
import { mergeAccountIntoUserStore } from '../../accounts/account-rows.js'
import { earliestEvent } from '../../scheduling/parent-hook.js'
import { imposeFence } from '../../site/fence.js'
import type { Fence } from '../../store-engine/database/write-fence.js'
import type { Store } from '../../store-engine/store.js'
import type { Manifest } from '../archive/manifest.js'
import { hashFile } from './copy-file.js'
import { countRows, itemTypesOf, schemaHash } from './database-check.js'
import { openCarried } from './open-carried.js'

/** What a manifest says about the database and what is in it. */
export type DatabaseFacts = Pick<Manifest, 'database' | 'itemTypes' | 'nextEvent'>

/** Reads what a manifest says about the content of a database; the bytes apart. */
export function contentFacts(store: Store) {
  return {
    itemTypes: itemTypesOf(store),
    nextEvent: earliestEvent(store)?.microseconds ?? null,
    schemaSha256: schemaHash(store),
    rows: countRows(store),
  }
}

/**
 * Makes a staged copy ready to be handed to somebody: the site's login rows in it, and a fence that nobody can write
 * through. Returns what the manifest will say of it; no connection is left, and nothing beside `db.sqlite`.
 */
export async function finishStagedImage(staging: string, record: AccountRecord, fence: Fence): Promise<DatabaseFacts> {
  const image = join(staging, 'db.sqlite')
  const { pages, ...facts } = rewrite(staging, record, fence)
  const { bytes, sha256 } = await hashFile(image)
  const { itemTypes, nextEvent, schemaSha256, rows } = facts
  return { itemTypes, nextEvent, database: { bytes, pages, sha256, schemaSha256, rows } }
}

function rewrite(staging: string, record: AccountRecord, fence: Fence) {
  using store = openCarried(staging)
  store.transact(
    () => {
      mergeAccountIntoUserStore(store, record)
      imposeFence(store, fence)
    },
    { ignoreFence: true },
  )
  return { ...contentFacts(store), pages: store.sql.value<number>('PRAGMA page_count') ?? 0 }
}

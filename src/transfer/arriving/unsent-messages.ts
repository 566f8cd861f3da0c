/**
 * What a copy must not send: messages that wait in its queue, and answers that it remembers until they have arrived.
 * The original lives on and will send them; whoever received both would act twice.
 *
 * The types belong to the messages of stores to each other, which no deed of moving knows. They are found by name, in
 * whatever version they are stored.
 */

import { quoteName } from '../../store-engine/database/sql-value.js'
import type { Store } from '../../store-engine/store.js'
import type { ManifestItemType } from '../archive/manifest.js'

const QUEUED = 'xmantissa_interstore__queuedmessage'
const ANSWERED = 'xmantissa_interstore__alreadyanswered'

/** Removes them, each leaving the tombstone that keeps its number from coming back. */
export function removeUnsent(store: Store): void {
  const types = store.typesOnDisk().filter(({ typeName }) => typeName === QUEUED || typeName === ANSWERED)
  const remove = () => {
    for (const table of types.map(type => quoteName(type.table))) {
      store.sql.run(`UPDATE axiom_objects SET type_id = -1 WHERE oid IN (SELECT oid FROM ${table})`)
      store.sql.run(`DELETE FROM ${table}`)
    }
  }
  if (types.length > 0) store.transact(remove, { ignoreFence: true })
}

/** What an administrator should know of a copy that is made of a store with these items. */
export function warningsOfUnsent(itemTypes: readonly ManifestItemType[]): readonly string[] {
  const count = (name: string) =>
    itemTypes.reduce((sum, { typeName, items }) => (typeName === name ? sum + items : sum), 0)
  const parts = [counted(count(QUEUED), 'message that waits', 'messages that wait'), counted(count(ANSWERED), 'answer')]
  const told = parts.filter(part => part !== undefined)
  return told.length === 0 ? [] : [`a copy, without ${told.join(' and ')}: the original will send them`]
}

function counted(count: number, one: string, many = `${one}s`): string | undefined {
  if (count === 0) return undefined
  return `${count} ${count === 1 ? one : many}`
}

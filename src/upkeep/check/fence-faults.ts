import { UNFINISHED } from '../../site/admin-tables.js'
import type { Fence } from '../../store-engine/database/write-fence.js'
import type { Fault } from './finding.js'
import type { SiteRows } from './site-rows.js'

const REPAIR = 'let the user write again'

/**
 * Whether a store that refuses writes does so with reason. A transfer that is open says why; one that ended says that
 * the seal was forgotten. Of one that the site does not know, the site can only say that nothing speaks for a move:
 * then it can be opened, and else nobody here can say whether the user has moved away.
 *
 * @param place - of the store below the site's directory, as findings name it.
 */
export function fenceFault(rows: SiteRows, fence: Fence, place: string): Fault | undefined {
  const { state, transferId } = fence
  const transfer = transferId === null ? undefined : findTransfer(rows, transferId)
  if (transfer?.isOpen === true) return undefined
  if (state === 'sealed' && transfer?.role === 'source' && transfer.stayed) {
    const message = `the store is sealed for the transfer ${transferId}, which was ended without it`
    return { code: 'FENCE_LEFT_SEALED', message, repair: REPAIR }
  }
  const known = `a transfer that does not account for it, ${transferId}`
  const unknown = `the transfer ${transferId}, which the site does not know`
  const reason = transferId === null ? 'no transfer' : transfer === undefined ? unknown : known
  const message = `the store is ${state}, so it cannot be written, for ${reason}`
  const canOpen = state === 'sealed' && transfer === undefined && livesHere(rows, fence, place)
  if (canOpen) return { code: 'FENCE_UNEXPLAINED', message: `${message}; nothing says that it left`, repair: REPAIR }
  return { code: 'FENCE_UNEXPLAINED', message: `${message}; find out whether the user lives at another site` }
}

/** The highest epoch that a transfer of the store may have given to a copy, as far as the site knows. */
export function highestEpoch(rows: SiteRows, { storeId, epoch }: Fence): number {
  if (!rows.hasPlain('mantissa_transfer')) return epoch
  const sql = 'SELECT max(coalesce(to_epoch, 0)) FROM mantissa_transfer WHERE store_id = ?'
  return Math.max(epoch, Number(rows.all(sql, storeId)[0]?.[0] ?? 0))
}

/** The site owns the store, an account points to it, and neither a tombstone nor a transfer says that it left. */
function livesHere(rows: SiteRows, { owner, storeId }: Fence, place: string): boolean {
  const [substore, { accounts }] = [rows.table('substore', 1), rows]
  const isNew = !['mantissa_site', 'mantissa_tombstone', 'mantissa_transfer'].every(name => rows.hasPlain(name))
  if (substore === undefined || accounts === undefined || isNew) return false
  const pointing = `SELECT 1 FROM ${accounts.login} WHERE avatars IN (SELECT oid FROM ${substore} WHERE storepath = ?)`
  const left = `SELECT 1 FROM mantissa_tombstone WHERE store_id = ? UNION ALL
    SELECT 1 FROM mantissa_transfer WHERE store_id = ? AND role = 'source' AND decision IS NOT 'abort'`
  return (
    rows.all('SELECT 1 FROM mantissa_site WHERE site_id = ?', owner).length > 0 &&
    rows.all(pointing, place.replace(/^files\//, '')).length > 0 &&
    rows.all(left, storeId, storeId).length === 0
  )
}

interface EndedOrOpen {
  readonly role: string
  readonly isOpen: boolean
  /** It was decided that the user stays, and the source has done all that it has to. */
  readonly stayed: boolean
}

function findTransfer(rows: SiteRows, id: string): EndedOrOpen | undefined {
  if (!rows.hasPlain('mantissa_transfer')) return undefined
  const sql = `SELECT role, is_open OR ${UNFINISHED}, decision, state FROM mantissa_transfer WHERE id = ?`
  const [row] = rows.all(sql, id)
  if (row === undefined) return undefined
  const [role, isOpen, decision, state] = row
  return { role: String(role), isOpen: Number(isOpen) === 1, stayed: decision === 'abort' && state === 'CLOSED' }
}

/**
 * Moving many users from one site to another.
 *
 * There is no state of a batch: each move has its own journal rows, its own commit point and its own recovery, and a
 * user is either here or there. So a batch that was stopped or killed is begun anew in the same words; the next opening
 * of either site has ended by then what was under way, and who is at the target is told as `already`.
 *
 * The moves of a batch go on in one process over the two connections it has. Images are taken, hashed and checked by
 * other threads, and while one move waits for them another takes its steps: on two processors, two moves at a time are
 * half as fast again as one at a time, and no slower than two processes would be. More than that lengthens the freezes
 * and gains nothing.
 *
 * Left out: an order among users, and holding the whole back when the disk is full; each move looks for room itself.
 */
import { getLoginSystem } from '../../accounts/login-system.js'
import { type Address, formatAddress } from '../../base/address.js'
import { assertNotACopy } from '../../site/identity.js'
import type { Site } from '../../site/site.js'
import { assertTwoSites } from '../places.js'
import { transferUser } from '../transfer-user.js'
import { isAlreadyThere } from './already-there.js'
import type { BatchOptions, UserOutcome } from './batch-options.js'
import { selectUsers, type UserSelection } from './select-users.js'

/**
 * Moves the users of a selection, and yields each one's outcome as it ends; one user's accident never stops the rest.
 * Memory does not grow with their number.
 *
 * Once `signal` is aborted, or `maxFailures` have failed, nobody else is begun with. What is under way then is undone
 * after an abort unless it is decided, and ends as usual after failures; both are yielded. Whoever stops reading has
 * the moves under way undone in the same manner before this returns, so that the sites may be closed.
 *
 * @throws what stands in the way of every move between these sites (`SAME_SITE`, `NO_LOGIN_SYSTEM`, …), before the
 *   first is begun.
 */
export async function* transferUsers(
  source: Site,
  selection: UserSelection,
  options: BatchOptions,
): AsyncGenerator<UserOutcome> {
  assertMovesPossible(source, options.to)
  const { maxParallel = 1, maxFailures = Number.POSITIVE_INFINITY } = options
  const ending = new AbortController()
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal])
  const users = selectUsers(source, options.to, selection)
  const running = new Map<Address, Promise<readonly [Address, UserOutcome]>>()
  let failures = 0
  try {
    for (;;) {
      while (running.size < maxParallel && failures < maxFailures && !signal.aborted) {
        const next = users.next()
        if (next.done) break
        running.set(next.value, tryOne(source, next.value, { ...options, signal }))
      }
      if (running.size === 0) return
      const [address, outcome] = await Promise.race(running.values())
      running.delete(address)
      if (outcome.status === 'failed') failures += 1
      yield outcome
    }
  } finally {
    ending.abort()
    await Promise.all(running.values())
  }
}

/** What can be known of all moves before any is planned. @throws as {@link transferUsers} does. */
export function assertMovesPossible(source: Site, target: Site): void {
  assertTwoSites(source, target)
  assertNotACopy(source)
  assertNotACopy(target)
  getLoginSystem(target.store)
}

async function tryOne(
  source: Site,
  address: Address,
  options: BatchOptions & { readonly signal: AbortSignal },
): Promise<readonly [Address, UserOutcome]> {
  const typed = formatAddress(address)
  try {
    if (isAlreadyThere(source, options.to, address)) return [address, { status: 'already', address: typed }]
    const result = await transferUser(source, address, options)
    return [address, { status: 'moved', address: result.address, result }]
  } catch (error) {
    const status = isDueTo(options.signal, error) ? 'stopped' : 'failed'
    return [address, { status, address: typed, error }]
  }
}

function isDueTo(signal: AbortSignal, error: unknown): boolean {
  if (!signal.aborted) return false
  for (let each = error; each instanceof Error; each = each.cause) if (each === signal.reason) return true
  return false
}

import { type Address, formatAddress } from '../../../base/address.js'
import { formatDuration, formatSize } from '../../../base/duration-size.js'
import type { Site } from '../../../site/site.js'
import type { TransferPlan } from '../../../transfer/plan-transfer.js'
import { audited } from '../../audited.js'
import { type CommandContext, note } from '../../command-context.js'
import { counted } from '../../counted.js'
import { type Progress, startProgress } from '../../progress.js'
import { alreadyThere, type MovedUser, movedUserView } from './moved-user-view.js'
import { alreadyPlanned, plannedUser, plannedUserView } from './planned-user-view.js'
import type { MoveOptions } from './transfer-user.js'

/** Both sites of a `transfer-user`, open. */
export interface Between {
  readonly source: Site
  readonly target: Site
  readonly context: CommandContext
}

/** Moves the one user who was named. */
export async function transferOne(address: Address, options: MoveOptions, between: Between): Promise<void> {
  const { source, target, context } = between
  const { isAlreadyThere } = await import('../../../transfer/batch/already-there.js')
  const move = async () =>
    isAlreadyThere(source, target, address)
      ? alreadyThere(formatAddress(address), between)
      : await moveOne(address, options, between)
  const resultOf = ({ status }: MovedUser) => (status === 'already' ? 'already' : 'done')
  const moved = await audited(context, source, () => audited(context, target, move, resultOf), resultOf)
  await context.printer.outcome(movedUserView, moved, ...sentencesOf(moved))
}

/** Prints what moving the one user would mean. */
export async function planOne(address: Address, options: MoveOptions, { source, target, context }: Between) {
  const { isAlreadyThere } = await import('../../../transfer/batch/already-there.js')
  const { planUserTransfer } = await import('../../../transfer/transfer-user.js')
  const row = isAlreadyThere(source, target, address)
    ? alreadyPlanned(formatAddress(address), { source, target })
    : plannedUser(await planUserTransfer(source, address, { ...options, to: target }))
  await context.printer.record(plannedUserView, row)
}

async function moveOne(
  address: Address,
  options: MoveOptions,
  { source, target, context }: Between,
): Promise<MovedUser> {
  const { transferUser } = await import('../../../transfer/transfer-user.js')
  using copying = new CopyProgress(context)
  using _announced = context.env.interruption.announce('stopping: the user stays, unless the move is decided already')
  const result = await transferUser(source, address, {
    ...options,
    to: target,
    signal: context.env.interruption.signal,
    onPlan: plan => copying.begin(plan),
    onBytes: bytes => copying.add(bytes),
  })
  const { from, to } = result
  return { status: 'moved', address: result.address, from, to, result, code: null, message: null }
}

/** Warnings and a bar, once it is known what there is to copy. */
class CopyProgress implements Disposable {
  readonly #context: CommandContext
  #progress: Progress | undefined
  #done = 0

  constructor(context: CommandContext) {
    this.#context = context
  }

  async begin({ address, databaseBytes, fileBytes, warnings }: TransferPlan): Promise<void> {
    for (const warning of warnings) await note(this.#context, `${address}: ${warning}`)
    const total = databaseBytes + fileBytes
    this.#progress = startProgress(this.#context, { label: `copying ${address}`, total, unit: 'bytes' })
  }

  add(bytes: number): void {
    this.#done += bytes
    this.#progress?.reached(this.#done)
  }

  [Symbol.dispose](): void {
    this.#progress?.[Symbol.dispose]()
  }
}

function sentencesOf({ address, to, result }: MovedUser): readonly string[] {
  if (result === null) return [`${address} is already in ${to}`]
  const more = result.addresses.length - 1
  const moved = [
    `moved ${address}${more > 0 ? ` (and ${counted(more, 'more name')})` : ''} to ${to}:`,
    `${formatSize(result.bytes)}, ${counted(result.files, 'file')},`,
    `writes refused for ${formatDuration(result.freezeMs)}`,
  ]
  return [moved.join(' '), `the old store is kept in ${result.quarantine}`]
}

import type { PowerupChange } from '../../../offerings/powerup-deed.js'
import type { CommandContext } from '../../command-context.js'
import { type DeedStatus, statusIn } from '../../deed-status.js'
import type { View } from '../../view.js'

/** What `offering endow` and `offering deprive` came to. */
export interface EndowmentOutcome {
  readonly address: string
  readonly offering: string
  /** `already` when there was nothing to do for any powerup. */
  readonly status: DeedStatus
  readonly powerups: readonly { readonly powerup: string; readonly status: DeedStatus }[]
}

export const endowmentView: View<EndowmentOutcome> = {
  address: { title: 'address', value: row => row.address },
  offering: { title: 'offering', value: row => row.offering },
  status: { title: 'status', value: row => row.status },
  powerups: {
    title: 'powerups',
    value: row => row.powerups.map(({ powerup, status }) => ({ powerup, status })),
    text: row => row.powerups.map(({ powerup }) => powerup).join(', '),
  },
}

export function outcomeOf(
  context: CommandContext,
  address: string,
  offering: string,
  changes: readonly PowerupChange[],
): EndowmentOutcome {
  const powerups = changes.map(({ powerup, status }) => ({ powerup, status: statusIn(context, status) }))
  const status = powerups.find(each => each.status !== 'already')?.status ?? 'already'
  return { address, offering, status, powerups }
}

/** `notes:notebooks, notes:search`, those that were or would be changed, or all of them. */
export function namesIn({ offering, powerups, status }: EndowmentOutcome): string {
  return powerups
    .filter(each => status === 'already' || each.status !== 'already')
    .map(each => `${offering}:${each.powerup}`)
    .join(', ')
}

import type { PowerupChange } from '../../../offerings/endow.js'
import type { View } from '../../view.js'

/** What `offering endow` and `offering deprive` came to. */
export interface EndowmentOutcome {
  readonly address: string
  readonly offering: string
  /** `already` when there was nothing to do for any powerup. */
  readonly status: 'done' | 'already'
  readonly powerups: readonly PowerupChange[]
}

export const endowmentView: View<EndowmentOutcome> = {
  address: { title: 'ADDRESS', value: row => row.address },
  offering: { title: 'OFFERING', value: row => row.offering },
  status: { title: 'STATUS', value: row => row.status },
  powerups: {
    title: 'POWERUPS',
    value: row => row.powerups.map(({ powerup, status }) => ({ powerup, status })),
    text: row => row.powerups.map(({ powerup }) => powerup).join(', '),
  },
}

export function outcomeOf(address: string, offering: string, powerups: readonly PowerupChange[]): EndowmentOutcome {
  return {
    address,
    offering,
    status: powerups.some(each => each.status === 'done') ? 'done' : 'already',
    powerups,
  }
}

/** `notes:notebooks, notes:search`, those that were or would be changed, or all of them. */
export function namesIn({ offering, powerups, status }: EndowmentOutcome): string {
  return powerups
    .filter(each => status === 'already' || each.status === 'done')
    .map(each => `${offering}:${each.powerup}`)
    .join(', ')
}

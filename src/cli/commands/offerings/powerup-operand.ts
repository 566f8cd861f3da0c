import { InvalidInputError } from '../../../base/errors.js'

/** An offering, or one powerup of it, as typed. */
export interface PowerupOperand {
  readonly offering: string
  readonly powerup?: string
}

/** Reads `<offering>` or `<offering>:<powerup>`. @throws InvalidInputError */
export function parsePowerup(text: string): PowerupOperand {
  const [offering = '', ...rest] = text.split(':')
  const powerup = rest.join(':')
  if (offering === '' || (rest.length > 0 && powerup === ''))
    throw new InvalidInputError(`${JSON.stringify(text)} names no offering`, {
      hint: 'write it as <offering> or <offering>:<powerup>',
      details: { value: text },
    })
  return rest.length === 0 ? { offering } : { offering, powerup }
}

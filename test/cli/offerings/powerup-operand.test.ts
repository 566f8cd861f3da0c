import { expect, it } from 'vitest'
import { parsePowerup } from '../../../src/cli/commands/offerings/powerup-operand.js'

it('reads an offering, and one powerup of it', () => {
  expect(parsePowerup('notes')).toEqual({ offering: 'notes' })
  expect(parsePowerup('notes:notebooks')).toEqual({ offering: 'notes', powerup: 'notebooks' })
})

it.each(['', ':notebooks', 'notes:'])('refuses %j', text => {
  expect(() => parsePowerup(text)).toThrow('names no offering')
})

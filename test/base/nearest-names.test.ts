import { expect, it } from 'vitest'
import { didYouMean, nearestNames } from '../../src/base/nearest-names.js'

const verbs = ['useradd', 'users', 'user', 'userdel', 'transfer-user', 'offering']

it('finds what was meant, best first', () => {
  expect(nearestNames('usreadd', verbs)).toEqual(['useradd'])
  expect(nearestNames('usr', verbs)).toEqual(['user'])
  expect(nearestNames('OFFERNG', verbs)).toEqual(['offering'])
})

it('finds nothing for what is far from all', () => {
  expect(nearestNames('zebra', verbs)).toEqual([])
})

it('makes a sentence', () => {
  expect(didYouMean([])).toBe('')
  expect(didYouMean(['a'])).toBe('did you mean a?')
  expect(didYouMean(['a', 'b', 'c'])).toBe('did you mean a, b or c?')
})

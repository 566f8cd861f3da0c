import { describe, expect, it } from 'vitest'
import { faultOfTreePath } from '../../../src/transfer/copying/tree-path.js'

describe('paths from a stranger', () => {
  it.each(['a', 'a/b', 'zoë/größe.txt', 'a b', '...', '.hidden', 'a\\b', 'x'.repeat(255)])('lets %j pass', path => {
    expect(faultOfTreePath(path)).toBeUndefined()
  })

  it.each([
    ['', 'is empty'],
    ['/etc/passwd', 'is absolute'],
    ['../a', 'leads upwards'],
    ['a/../../b', 'leads upwards'],
    ['a/..', 'leads upwards'],
    ['a//b', 'has an empty name'],
    ['./a', 'has an empty name'],
    ['a/', 'has an empty name'],
    ['a\0b', 'holds a NUL character'],
    ['\ud800', 'is not valid Unicode'],
    ['x'.repeat(256), 'has too long a name'],
    ['x/'.repeat(2001), 'is too long'],
  ])('refuses %j: %s', (path, fault) => {
    expect(faultOfTreePath(path)).toBe(fault)
  })
})

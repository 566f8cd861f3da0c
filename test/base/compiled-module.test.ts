import { expect, it } from 'vitest'
import { compiledModule } from '../../src/base/compiled-module.js'

it('a compiled module lies beside the one that asks, or in the build when that is a source', () => {
  const find = (name: string, from: string) => compiledModule(name, from).href
  expect(find('./b.js', 'file:///home/x/dist/part/a.js')).toBe('file:///home/x/dist/part/b.js')
  expect(find('./b.js', 'file:///home/x/src/part/a.ts')).toBe('file:///home/x/dist/part/b.js')
  expect(find('../c.js', 'file:///usr/src/x/src/part/a.ts')).toBe('file:///usr/src/x/dist/c.js')
  expect(find('./b.js', 'file:///usr/src/x/dist/a.js')).toBe('file:///usr/src/x/dist/b.js')
})

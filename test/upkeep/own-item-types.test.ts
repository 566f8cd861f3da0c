import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const source = join(import.meta.dirname, '../../src')

/** Files that register item types or upgraders, but for the bundled offerings, which are loaded as any offering is. */
function registering(): string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts') && !file.startsWith('bundled/'))
    .filter(file =>
      /^(registerItemTypes|registerUpgrader|registerDeletionUpgrader|registerAttributeCopyingUpgrader)\(/m.test(
        readFileSync(join(source, file), 'utf8'),
      ),
    )
    .map(file => `../${file.replace(/ts$/, 'js')}`)
    .sort()
}

it('every file that registers item types or upgraders is in the list', () => {
  const list = readFileSync(join(source, 'upkeep/own-item-types.ts'), 'utf8')
  expect([...list.matchAll(/^import '(.*)'$/gm)].map(([, path]) => path)).toEqual(registering())
})

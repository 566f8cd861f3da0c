/** Loads every source file that registers item types, so that tests can speak of all of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const source = join(import.meta.dirname, '../../src')
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))

for (const file of files)
  if (/^registerItemTypes\(/m.test(readFileSync(join(source, file), 'utf8'))) await import(join(source, file))

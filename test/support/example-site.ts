import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mantissa } from './mantissa.js'

const bin = fileURLToPath(new URL('../../bin/mantissa.js', import.meta.url))

/**
 * A directory in which every example of every help can be run: the site `example.axiom` with some users and the offering
 * `notes`, another site `other.axiom`, and the files that examples name.
 */
export async function makeExampleDirectory(directory: string): Promise<void> {
  for (const line of SITE) {
    const { code, err } = await mantissa(line, { cwd: directory, stdin: 'a password\n', variables: EXAMPLE_VARIABLES })
    if (code !== 0) throw new Error(`mantissa ${line}: ${err}`)
  }
  mkdirSync(join(directory, 'polls'), { mode: 0o700 })
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(directory, name), text, { mode: 0o600 })
}

/** What examples take for granted: that the site is known. */
export const EXAMPLE_VARIABLES = { MANTISSA_SITE: 'example.axiom' }

const SITE = [
  'create-site example.axiom --hostname example.com',
  'create-site other.axiom --hostname example.org',
  'offering install notes',
  'useradd alice@example.com --password-file -',
  'useradd zoe@example.com --password-file -',
  'login-method add alice@example.com alice@example.org',
  'offering endow alice@example.com notes',
]

const FILES: Readonly<Record<string, string>> = {
  'secret.txt': 'another password\n',
  'users.csv': 'address\ncarol@example.com\ndave@example.com\n',
  'users.jsonl': '{"address":"erin@example.com"}\n',
  'polls/package.json': '{"name":"polls","description":"Ask everybody","mantissa":{"offerings":"./offerings.js"}}',
  'polls/offerings.js': 'export const offerings = []',
}

/** A copy to break, with the program on the path as `mantissa`. Returns the path variable. */
export function copyExampleDirectory(from: string, to: string): string {
  cpSync(from, to, { recursive: true })
  const programs = join(to, '..', 'programs')
  mkdirSync(programs, { recursive: true })
  writeFileSync(join(programs, 'mantissa'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`)
  chmodSync(join(programs, 'mantissa'), 0o755)
  return `${programs}:${process.env.PATH}`
}

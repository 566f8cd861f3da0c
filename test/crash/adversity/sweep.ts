import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { temporaryDirectory } from '../../support/temporary-directory.js'

/** Whether everything is to be tried, as `npm run test:faults` does, and not only samples. */
export const isEverything = process.env.FAULTS === 'every'

/** Of what is left to chance in a run; SEED brings one back. */
export const seed = process.env.SEED ?? String(randomInt(2 ** 31))

/** Runs a script of this directory in a scratch directory of its own, and returns what it prints. */
export function sweep(
  script: string,
  words: readonly (string | number)[],
  variables: (scratch: string) => NodeJS.ProcessEnv = () => ({}),
): Promise<string> {
  const scratch = temporaryDirectory()
  return new Promise(resolve => {
    const child = spawn(process.execPath, [join(import.meta.dirname, script), scratch, ...words.map(String)], {
      env: { PATH: process.env.PATH, ...variables(scratch) },
    })
    let told = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (told += chunk))
    child.on('close', code => resolve(code === 0 ? told : `${told}\nended with ${code}`))
  })
}

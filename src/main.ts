import { readFileSync } from 'node:fs'
import type { CliEnv } from './cli/cli-env.js'

/**
 * Runs one command line and returns its exit code; it never throws and never ends the process.
 * `--version` alone is answered here, before anything else is loaded.
 */
export async function main(argv: readonly string[], env: CliEnv): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) return await printVersion(env)
  const { runProgram } = await import('./cli/run-program.js')
  return await runProgram(argv, env)
}

async function printVersion(env: CliEnv): Promise<number> {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  await env.stdout.write(`${manifest.version}\n`)
  return 0
}

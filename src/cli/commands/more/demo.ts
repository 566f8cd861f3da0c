import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { IntegrityError } from '../../../base/errors.js'
import type { CliEnv } from '../../cli-env.js'
import { type CommandContext, contextFor } from '../../command-context.js'
import { examples } from '../../examples.js'
import { DEMO_SITE, DEMO_STEPS, type DemoStep, realSiteSteps } from './demo-steps.js'

const PROGRAM = fileURLToPath(new URL('../../../../bin/mantissa.js', import.meta.url))
const REAL_SITE = fileURLToPath(new URL('../../../../fixtures/divmod-site.axiom.tar.gz', import.meta.url))

/** A step did not end as it should; the demo stopped there and its directory was left as it is. */
export class DemoFailedError extends IntegrityError {
  constructor(step: DemoStep, code: number | null) {
    super(`the demo expected exit code ${step.code ?? 0} and got ${code}: ${step.command}`, {
      code: 'DEMO_FAILED',
      hint: 'look at what the command printed above, and report it',
      details: { command: step.command, code },
    })
  }
}

export function demoCommand(program: Command, env: CliEnv, run = runDemo): Command {
  return program
    .command('demo')
    .summary('show what it is for, on sites in a new temporary directory')
    .description('Run the main verbs on sites in a new temporary directory, each as typed and with its real output.')
    .addHelpText('after', examples('demo'))
    .action((_flags: unknown, command: Command) => run(contextFor(env, command)))
}

/** Runs every step in a shell of its own; the sites stay for looking around, and no node runs any more. */
export async function runDemo({ env }: CommandContext): Promise<void> {
  const directory = realpathSync(mkdtempSync(join(env.variables['TMPDIR'] || '/tmp', 'mantissa-demo-')))
  const say = (text: string) => env.stdout.write(text)
  await say(`$ cd ${directory}\n$ export MANTISSA_SITE=${DEMO_SITE}\n`)
  const steps = existsSync(REAL_SITE) ? [...DEMO_STEPS, ...realSiteSteps(REAL_SITE)] : DEMO_STEPS
  for (const step of steps) {
    await say(`${step.why === '' ? '' : `\n# ${step.why}`}\n$ ${step.command}\n`)
    const code = await runInShell(step.command, directory, env)
    if (code === (step.code ?? 0)) continue
    await runInShell('mantissa stop --quiet >/dev/null 2>&1', directory, env)
    throw new DemoFailedError(step, code)
  }
  await say(`\nThat was all. The sites are in ${directory}\n`)
}

/** With the terminal, or whatever the streams are, handed on: what is seen is what the verb prints. */
function runInShell(command: string, directory: string, env: CliEnv): Promise<number | null> {
  const script = `mantissa() { node "$MANTISSA_PROGRAM" "$@"; }\n${command}`
  const variables = { ...env.variables, MANTISSA_SITE: DEMO_SITE, MANTISSA_PROGRAM: PROGRAM }
  return new Promise((resolve, reject) => {
    const shell = spawn('sh', ['-c', script], { cwd: directory, env: variables, stdio: 'inherit' })
    shell.on('error', reject)
    shell.on('close', resolve)
  })
}

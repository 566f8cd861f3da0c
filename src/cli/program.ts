/**
 * The program and its verbs.
 *
 * How to add a verb. Write `commands/<group>/<verb>.ts` with one function `xCommand(program, env, run = runX)` that
 * declares the verb and ends with `.action(...)`, and one function `runX(options, context)` that calls a deed and hands
 * what it returned to `context.printer`. Then add one line to the table below.
 *
 * - Declaring must be cheap: a command file imports types, `base/` and the frame, and loads its deed with
 *   `await import(...)` inside `run`. Help and completion load every command file; a test watches that they load no
 *   database, no prompt and no table printer.
 * - `changing(...)` or `severe(...)` (verb-kinds.ts) says how much the verb may break. A changing verb looks at
 *   `context.options.dryRun`, works inside `audited(...)`, and a severe one asks `confirmByName(...)` first.
 * - The site is opened with `using site = await openSiteFor(context, { write: true })`.
 * - What is shown is a view (view.ts) in `commands/<group>/<thing>-view.ts`; its keys are the JSON contract.
 * - A command throws and never prints an error; it knows no exit code.
 * - Every verb has a summary and at least one example; the tests run the examples on a prepared site.
 *
 * `commands/more/explain.ts` is a complete small one.
 */
import { Command } from 'commander'
import type { CliEnv } from './cli-env.js'
import { browseCommand } from './commands/looking/browse.js'
import { itemsCommand } from './commands/looking/items.js'
import { sqlCommand } from './commands/looking/sql.js'
import { completionCommand } from './commands/more/completion.js'
import { demoCommand } from './commands/more/demo.js'
import { explainCommand } from './commands/more/explain.js'
import { helpCommand } from './commands/more/help.js'
import { exportUserCommand } from './commands/moving/export-user.js'
import { extractUserCommand } from './commands/moving/extract-user.js'
import { importUserCommand } from './commands/moving/import-user.js'
import { transferCommand } from './commands/moving/transfer.js'
import { transferUserCommand } from './commands/moving/transfer-user.js'
import { apiKeyCommand } from './commands/node/api-key.js'
import { logsCommand } from './commands/node/logs.js'
import { portCommand } from './commands/node/port.js'
import { startCommand } from './commands/node/start.js'
import { statusCommand } from './commands/node/status.js'
import { stopCommand } from './commands/node/stop.js'
import { tlsCommand } from './commands/node/tls.js'
import { webCommand } from './commands/node/web.js'
import { offeringCommand } from './commands/offerings/offering.js'
import { roleCommand } from './commands/sharing/role.js'
import { shareCommand } from './commands/sharing/share.js'
import { checkCommand } from './commands/site/check.js'
import { createSiteCommand } from './commands/site/create-site.js'
import { eventsCommand } from './commands/site/events.js'
import { infoCommand } from './commands/site/info.js'
import { listVersionCommand } from './commands/site/list-version.js'
import { upgradeCommand } from './commands/site/upgrade.js'
import { versionsCommand } from './commands/site/versions.js'
import { loginMethodCommand } from './commands/users/login-method.js'
import { passwdCommand } from './commands/users/passwd.js'
import { userCommand } from './commands/users/user.js'
import { useraddCommand } from './commands/users/useradd.js'
import { userbaseCommand } from './commands/users/userbase.js'
import { userdelCommand } from './commands/users/userdel.js'
import { usermodCommand } from './commands/users/usermod.js'
import { usersCommand } from './commands/users/users.js'
import { addGlobalOptions } from './global-options.js'
import { formatHelp, verbTerm } from './help-format.js'

/** Declares a verb below `program`. */
export type DeclareVerb = (program: Command, env: CliEnv) => Command

interface VerbGroup {
  readonly heading: string
  readonly verbs: readonly DeclareVerb[]
}

/** In the order of the help: what is needed every day first. */
const GROUPS: readonly VerbGroup[] = [
  {
    heading: 'Common:',
    verbs: [createSiteCommand, useraddCommand, usersCommand, userCommand, offeringCommand, transferUserCommand],
  },
  {
    heading: 'Site:',
    verbs: [infoCommand, checkCommand, upgradeCommand, eventsCommand, versionsCommand, listVersionCommand],
  },
  {
    heading: 'Node:',
    verbs: [
      ...[startCommand, stopCommand, statusCommand, logsCommand],
      ...[portCommand, tlsCommand, webCommand, apiKeyCommand],
    ],
  },
  { heading: 'Looking in:', verbs: [itemsCommand, sqlCommand, browseCommand] },
  { heading: 'Users:', verbs: [usermodCommand, passwdCommand, userdelCommand, loginMethodCommand, userbaseCommand] },
  { heading: 'Sharing:', verbs: [shareCommand, roleCommand] },
  { heading: 'Moving:', verbs: [exportUserCommand, importUserCommand, transferCommand, extractUserCommand] },
  { heading: 'More:', verbs: [helpCommand, explainCommand, demoCommand, completionCommand] },
]

export function buildProgram(env: CliEnv): Command {
  const program = new Command('mantissa')
    .description('Administer a node on which every user has a store of their own.')
    .usage('[options] <verb> [operands]')
    .exitOverride()
    .helpCommand(false)
    .configureHelp({ formatHelp, subcommandTerm: verbTerm, minWidthToWrap: 12 })
    .configureOutput({ getOutHelpWidth: () => env.stdout.columns, getErrHelpWidth: () => env.stderr.columns })
  addGlobalOptions(program)
  program.option('-V, --version', 'show the version')
  for (const { heading, verbs } of GROUPS) {
    program.commandsGroup(heading)
    for (const declare of verbs) finishGroup(declare(program, env))
  }
  return program
}

/** A verb that has verbs below it: `mantissa offering <verb>`; with a usage of its own where it can do without them. */
function finishGroup(command: Command): void {
  if (command.commands.length === 0) return
  command.helpCommand(false)
  if (command.usage() === '[options] [command]') command.usage('<verb> [operands]')
}

/**
 * How much a verb may break, declared where the verb is declared.
 *
 * A verb that changes nothing refuses `--dry-run` (a dry run of a list would promise something it does not mean).
 * A changing verb accepts it and must ask `context.options.dryRun`. A severe verb (data may be lost) has `--confirm`
 * as well, and calls `confirmByName` before its deed.
 */
import type { Command } from 'commander'

const changingVerbs = new WeakSet<Command>()

export function changing(command: Command): Command {
  changingVerbs.add(command)
  return command
}

export function severe(command: Command): Command {
  return changing(command).option('--confirm <name>', 'the name of the thing, typed again: stands for the question')
}

export function isChanging(command: Command): boolean {
  return changingVerbs.has(command)
}

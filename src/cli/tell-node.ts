import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { MantissaError } from '../base/errors.js'
import type { Reconciliation, ServiceState } from '../offerings/node-state.js'
import { type CommandContext, detail, note } from './command-context.js'

/** Milliseconds. A node that does not greet hangs, and follows when it goes on. */
const PATIENCE = { greeting: 700, answer: 15_000 }

/** Sites whose node has not answered: a verb that does many deeds does not wait for each of them. */
const silent = new Set<string>()
const news = new WeakMap<CommandContext, Reconciliation>()

/**
 * Has a node that runs for the site follow what a verb has changed, and says what came of it. Where none runs it costs one
 * look at a file; one that hangs is waited for once, and shortly. It never fails: the change is in the store, where a node
 * looks by itself.
 */
export async function tellNode(context: CommandContext, siteDirectory: string): Promise<void> {
  if (context.verb === 'start' || silent.has(siteDirectory)) return
  if (!existsSync(join(siteDirectory, 'run', 'control', 'node.json'))) return
  const { askNode } = await import('../node/control/ask-node.js')
  try {
    const told = await askNode<Reconciliation>(siteDirectory, 'reconcile', PATIENCE)
    if (told === undefined) return
    news.set(context, told.answer)
    await say(context, told.answer)
  } catch (error) {
    if (!(error instanceof MantissaError)) throw error
    silent.add(siteDirectory)
    await note(context, `${error.message}; what was changed takes effect when it goes on`)
  }
}

/** What the last deed of a verb has changed in the running node; undefined where none runs. */
export function lastNodeNews(context: CommandContext): Reconciliation | undefined {
  return news.get(context)
}

async function say(context: CommandContext, { started, stopped, newlyFailed }: Reconciliation): Promise<void> {
  for (const each of stopped) await detail(context, `the node has stopped ${nameOf(each)}`)
  for (const each of started) await note(context, `the node runs ${nameOf(each)}`)
  for (const each of newlyFailed) {
    await note(context, `the node could not start ${nameOf(each)}: ${each.failure?.message ?? ''}; it tries again`)
    if (each.failure?.hint) await note(context, `try: ${each.failure.hint}`)
  }
}

function nameOf({ name, address }: ServiceState): string {
  return address === null ? name : `${name} at ${address}`
}

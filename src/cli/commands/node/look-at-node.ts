import type { NodeState } from '../../../offerings/node-state.js'
import type { CommandContext } from '../../command-context.js'
import { resolveSite } from '../../resolve-site.js'
import type { ShownNode } from './node-view.js'

/** The directory of the site that is meant, which is there; it is not opened. @throws NotAStoreError. */
export async function siteOfNode(context: CommandContext): Promise<string> {
  const { assertStoreThere } = await import('../../../store-engine/database/store-there.js')
  const directory = await resolveSite(context)
  return assertStoreThere(directory)
}

/** The node of a site as it is now. What it says of itself counts only while the lock says that it lives. */
export async function lookAtNode(siteDirectory: string, patience = 1500): Promise<ShownNode> {
  const { askNode, NodeSilentError } = await import('../../../node/control/ask-node.js')
  const { isNodeRunning, readNodeFacts } = await import('../../../node/node-place.js')
  const facts = readNodeFacts(siteDirectory)
  const logFile = facts?.logFile ?? null
  try {
    const said = await askNode<NodeState>(siteDirectory, 'state', { greeting: patience, answer: patience })
    if (said !== undefined) return { ...said.answer, status: 'running', logFile }
  } catch (error) {
    if (!(error instanceof NodeSilentError)) throw error
  }
  const nothing = { site: siteDirectory, ready: false, version: null, services: [], openStores: null, admin: null }
  if (!isNodeRunning(siteDirectory)) return { ...nothing, status: 'stopped', pid: null, since: null, logFile }
  return { ...nothing, status: 'silent', pid: facts?.pid ?? null, since: facts?.since ?? null, logFile }
}

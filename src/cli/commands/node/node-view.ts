import type { ServiceState } from '../../../offerings/node-state.js'
import type { View } from '../../view.js'

/** A node as others see it. */
export interface ShownNode {
  /** `silent`: its process lives and does not answer. */
  readonly status: 'running' | 'stopped' | 'silent' | 'planned'
  readonly site: string
  readonly ready: boolean
  readonly pid: number | null
  /** RFC 3339. */
  readonly since: string | null
  readonly version: string | null
  readonly services: readonly ServiceState[]
  readonly openStores: number | null
  readonly admin: string | null
  readonly logFile: string | null
}

export const nodeView: View<ShownNode> = {
  status: { title: 'status', value: ({ status }) => status },
  running: { title: 'running', value: ({ status }) => status === 'running' || status === 'silent', jsonOnly: true },
  ready: { title: 'ready', value: ({ ready }) => ready },
  site: { title: 'site', value: ({ site }) => site },
  pid: { title: 'process', value: ({ pid }) => pid },
  since: { title: 'since', value: ({ since }) => since, isWhole: true },
  version: { title: 'version', value: ({ version }) => version },
  ports: {
    title: 'ports',
    value: ({ services }) => services.filter(isPort),
    text: ({ services }) => services.filter(isPort).map(inWords).join(', '),
    lines: ({ services }) => services.filter(isPort).map(inWords),
  },
  services: {
    title: 'services',
    value: ({ services }) => services.filter(each => !isPort(each)),
    text: ({ services }) =>
      services
        .filter(each => !isPort(each))
        .map(inWords)
        .join(', '),
  },
  openStores: { title: 'open stores', value: ({ openStores }) => openStores },
  admin: { title: 'administration', value: ({ admin }) => admin },
  logFile: { title: 'log', value: ({ logFile }) => logFile },
}

export function isPort({ name }: ServiceState): boolean {
  return name.startsWith('port ')
}

/** `port 5 at 127.0.0.1:8080`, `port 7 failed: …` */
export function inWords({ name, store, condition, address, failure }: ServiceState): string {
  const who = store === '' ? name : `${name} of ${store}`
  if (failure !== null) return `${who} ${condition}: ${failure.message}`
  if (condition === 'running') return address === null ? who : `${who} at ${address}`
  return `${who} ${condition}`
}

/** Sentences for a person when a node has become ready. */
export function sentencesFor(node: Pick<ShownNode, 'pid' | 'services'>): readonly string[] {
  const listening = node.services.flatMap(({ address }) => address ?? [])
  const failed = node.services.filter(({ condition }) => condition === 'failed')
  return [
    `the node runs (process ${node.pid})${listening.length === 0 ? '' : ` and listens at ${listening.join(', ')}`}`,
    ...failed.map(each => `does not run: ${inWords(each)}`),
  ]
}

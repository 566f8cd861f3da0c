import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { askNode } from '../../src/node/control/ask-node.js'
import type { NodeState } from '../../src/offerings/node-state.js'
import { SslPort, TcpPort } from '../../src/offerings/site-items/ports.js'
import { Site } from '../../src/site/site.js'

const bin = fileURLToPath(new URL('../../bin/mantissa.js', import.meta.url))

/** `mantissa start` in a process of its own. */
export interface RealNode {
  readonly site: string
  readonly process: ChildProcess
  readonly pid: number
  /** Of the first plain HTTP port, without a slash at the end; empty where there is none. */
  readonly url: string
  /** Of the administration endpoint: `http://127.0.0.1:…`. */
  readonly adminUrl: string
  /** What it says of itself now. */
  state(): Promise<NodeState>
  /** Its standard output so far. */
  readonly out: () => string
  /** Its standard error so far. */
  readonly err: () => string
  /** Its log so far, a line each. */
  readonly log: () => readonly Readonly<Record<string, unknown>>[]
  /** Sends a signal and waits for the end; gives the exit code, or the signal that has ended it. */
  end(signal?: NodeJS.Signals): Promise<number | string>
}

/** Ports of a site that is not open become port 0 on loopback; TLS ports are removed unless `tls`. */
export function quietPorts(directory: string, options: { readonly tls?: boolean } = {}): void {
  using site = Site.open(directory)
  for (const port of site.store.query(TcpPort)) Object.assign(port, { portNumber: 0, interface: '127.0.0.1' })
  for (const port of site.store.query(SslPort)) {
    if (options.tls === true) Object.assign(port, { portNumber: 0, interface: '127.0.0.1' })
    else port.deleteFromStore()
  }
}

/**
 * Starts the built program for a site (see {@link quietPorts}) and waits until it is ready. It is killed when the running
 * test ends, or the file where it is called in `beforeAll` with `finished`.
 *
 * @param options.words - more options of `mantissa start`.
 */
export async function startNodeProcess(
  site: string,
  options: {
    readonly words?: readonly string[]
    readonly variables?: Readonly<Record<string, string>>
    readonly finished?: (end: () => Promise<void>) => void
  } = {},
): Promise<RealNode> {
  const words = ['start', '--site', site, '--admin', 'tcp:0:interface=127.0.0.1', ...(options.words ?? [])]
  const child = spawn(process.execPath, [bin, ...words], {
    env: { PATH: process.env.PATH, HOME: site, ...options.variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  const ended = new Promise<number | string>(resolve =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1)),
  )
  const finished = options.finished ?? onTestFinished
  finished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const state = await readiness(site, child, () => err)
  return {
    site,
    process: child,
    pid: state.pid,
    url: urlOf(state.services.find(({ type }) => type === 'xmantissa_port_tcpport')?.address),
    adminUrl: urlOf(state.admin),
    state: () => stateOf(site),
    out: () => out,
    err: () => err,
    log: () => logOf(site),
    end: signal => {
      child.kill(signal ?? 'SIGTERM')
      return ended
    },
  }
}

async function readiness(site: string, child: ChildProcess, err: () => string): Promise<NodeState> {
  while (child.exitCode === null && child.signalCode === null) {
    const said = await askNode<NodeState>(site, 'state').catch(() => undefined)
    if (said?.pid === child.pid && said?.answer.ready === true) return said.answer
    await setTimeout(20)
  }
  throw new Error(`the node did not start: ${err()}`)
}

async function stateOf(site: string): Promise<NodeState> {
  const said = await askNode<NodeState>(site, 'state')
  if (said === undefined) throw new Error(`no node answers for ${site}`)
  return said.answer
}

function urlOf(address: string | null | undefined): string {
  return address == null ? '' : `http://${address}`
}

function logOf(site: string): readonly Readonly<Record<string, unknown>>[] {
  const text = readFileSync(join(site, 'run', 'logs', 'mantissa.log'), 'utf8')
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)
}

/** Paths of the files that a process has open (Linux). */
export function openFilesOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap(each => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${each}`)]
    } catch {
      return []
    }
  })
}

/**
 * What programs that watch over a node ask: `/health` (it lives), `/ready` (everything was started; 503 before and while
 * it stops) and `/metrics` (for Prometheus), by default at 127.0.0.1:8079. Nothing can be changed here, and nothing that
 * it tells is about a person.
 *
 * A browser that can reach it must not be made to read it for a stranger's page whose name leads here: only the names of
 * loopback, and the address where it listens, are answered; where it listens everywhere, every address.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { InvalidInputError } from '../base/errors.js'
import type { RunningNode } from './running-node.js'
import { textOfAddress } from './running-service.js'

export const DEFAULT_ADMIN_ENDPOINT = 'tcp:8079:interface=127.0.0.1'

export interface AdminAddress {
  readonly host: string
  readonly port: number
}

/** `tcp:8079:interface=127.0.0.1`, or `off`, which is null. @throws InvalidInputError (`ENDPOINT_UNKNOWN`). */
export function parseAdminEndpoint(text: string): AdminAddress | null {
  if (text === 'off') return null
  const [, port = '', host = '127.0.0.1'] =
    /^tcp:(\d{1,5})(?::interface=(.+))?$/.exec(text.replaceAll('\\:', ':')) ?? []
  if (port !== '' && Number(port) <= 65_535 && isIP(host) !== 0) return { host, port: Number(port) }
  throw new InvalidInputError(`no administration endpoint can be made of "${text}"`, {
    code: 'ENDPOINT_UNKNOWN',
    hint: `write it as ${DEFAULT_ADMIN_ENDPOINT}, or "off"`,
    details: { endpoint: text },
  })
}

export class AdminEndpoint {
  readonly #server: Server
  readonly #node: RunningNode

  private constructor(node: RunningNode, bound: string) {
    this.#node = node
    this.#server = createServer((request, response) => {
      if (!isMeant(request.headers.host ?? '', bound)) return answer(response, 421, 'not served here')
      this.#serve(request, response).catch(() => answer(response, 500, 'failed'))
    })
    this.#server.requestTimeout = 5000
    this.#server.maxConnections = 50
  }

  /** @throws what binding throws, such as EADDRINUSE. */
  static async listen(node: RunningNode, { host, port }: AdminAddress): Promise<AdminEndpoint> {
    const endpoint = new AdminEndpoint(node, host)
    await new Promise<void>((resolve, reject) => {
      endpoint.#server.once('error', reject)
      endpoint.#server.listen({ host, port }, resolve)
    })
    return endpoint
  }

  /** `127.0.0.1:8079` */
  get address(): string | null {
    return textOfAddress(this.#server.address())
  }

  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  async #serve({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = (url ?? '').split('?')
    if (method !== 'GET' && method !== 'HEAD') return answer(response.setHeader('allow', 'GET, HEAD'), 405, 'GET only')
    if (path === '/health') return answer(response, 200, 'alive')
    if (path === '/ready') return answer(response, ...this.#readiness())
    if (path !== '/metrics') return answer(response, 404, 'there is /health, /ready and /metrics')
    const { type, text } = await this.#node.measures.page()
    response.setHeader('content-type', type)
    response.end(text)
  }

  #readiness(): readonly [number, string] {
    const { ready, services } = this.#node.state()
    const failed = services.filter(({ condition }) => condition === 'failed').map(({ name }) => name)
    if (!ready) return [503, 'not ready']
    return [200, failed.length === 0 ? 'ready' : `ready; these do not run: ${failed.join(', ')}`]
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-content-type-options', 'nosniff')
  response.end(`${text}\n`)
}

/** Whether a Host header names the address where this listens, or loopback. */
function isMeant(header: string, bound: string): boolean {
  const host = header
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
  if (/^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(host)) return true
  return bound === '0.0.0.0' || bound === '::' ? isIP(host) !== 0 : host === bound.toLowerCase()
}

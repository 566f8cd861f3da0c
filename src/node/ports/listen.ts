import type { ListenOptions, Server } from 'node:net'
import type { Endpoint } from '../../offerings/ports/endpoint.js'
import { clearSocketPath, listenAtSocket } from './unix-socket.js'

/** Makes `server` listen; it resolves when it does. @throws the refusal of the system, SocketInUseError */
export async function listen(server: Server, endpoint: Endpoint): Promise<void> {
  if (endpoint.kind === 'unix') await clearSocketPath(endpoint.path)
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
  })
  if (endpoint.kind === 'unix') listenAtSocket(server, endpoint)
  else server.listen(listenOptions(endpoint))
  await listening
}

/** Without a host, Node takes all addresses: of both families where the machine has both. */
function listenOptions(endpoint: Exclude<Endpoint, { kind: 'unix' }>): ListenOptions {
  const { port, interface: face, backlog, kind } = endpoint
  if (kind === 'tcp6') return { port, backlog, host: face || '::', ipv6Only: true }
  return face === '' ? { port, backlog } : { port, backlog, host: face }
}

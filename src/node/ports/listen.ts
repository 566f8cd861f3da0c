import { chmodSync } from 'node:fs'
import type { ListenOptions, Server } from 'node:net'
import { privately } from '../../base/this-process.js'
import type { Endpoint, UnixEndpoint } from '../../offerings/ports/endpoint.js'
import { clearSocketPath } from './unix-socket.js'

/** Makes `server` listen; it resolves when it does. @throws the refusal of the system, SocketInUseError, SocketPlaceError */
export async function listen(server: Server, endpoint: Endpoint): Promise<void> {
  if (endpoint.kind === 'unix') return await listenAtSocket(server, endpoint)
  await listening(server, listenOptions(endpoint))
}

/** Nobody but the owner can connect before the socket has the mode that is asked for. */
async function listenAtSocket(server: Server, { path, mode, backlog }: UnixEndpoint): Promise<void> {
  await clearSocketPath(path)
  // Node binds before its `listen` returns, so the umask of the process is back before anything else makes a file.
  await privately(() => listening(server, { path, backlog }))
  chmodSync(path, mode)
}

function listening(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Without a host, Node takes all addresses: of both families where the machine has both. */
function listenOptions(endpoint: Exclude<Endpoint, UnixEndpoint>): ListenOptions {
  const { port, interface: face, backlog, kind } = endpoint
  if (kind === 'tcp6') return { port, backlog, host: face || '::', ipv6Only: true }
  return face === '' ? { port, backlog } : { port, backlog, host: face }
}

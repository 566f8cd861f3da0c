/**
 * The web server of a node: what a SiteConfiguration speaks at its ports.
 *
 * One Fastify application serves all ports of a site; a port only brings connections. It is built when the first port
 * asks for it and closed when the last one has closed. Each part of what can be asked registers its own routes
 * (`application`); how much of a connection is borne with stands in `http-servers`.
 */
import type { Server as HttpServer, RequestListener } from 'node:http'
import type { Server } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import type { ProtocolFactory, ProtocolFactoryMaker, ServiceHost } from '../offerings/services.js'
import { buildApplication } from './application.js'
import { createWebServer, drainServer } from './http-servers.js'

export const webServer: ProtocolFactoryMaker = {
  async makeProtocolFactory(host: ServiceHost): Promise<ProtocolFactory> {
    const app = await applicationOf(host)
    const listener: RequestListener = (request, response) => app.routing(request, response)
    return {
      createServer(tls: SecureContextOptions | null): Server {
        const server = createWebServer(listener, tls)
        app.web.listeners.add(server, tls !== null)
        return server
      },
      drain: server => drainServer(server as HttpServer),
      close: () => closeUnused(host, app),
    }
  },
}

const applications = new WeakMap<ServiceHost, Promise<FastifyInstance>>()

function applicationOf(host: ServiceHost): Promise<FastifyInstance> {
  const known = applications.get(host)
  if (known !== undefined) return known
  const made = buildApplication(host)
  applications.set(host, made)
  made.catch(() => applications.delete(host))
  return made
}

async function closeUnused(host: ServiceHost, app: FastifyInstance): Promise<void> {
  if (!app.web.listeners.isEmpty || !applications.has(host)) return
  applications.delete(host)
  await app.close()
}

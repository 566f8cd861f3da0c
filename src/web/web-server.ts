/**
 * The web server of a node: what a SiteConfiguration speaks at its ports.
 *
 * One Fastify application serves all ports of a site; a port only brings connections. Each part of what can be asked
 * registers its own routes (`application`); how much of a connection is borne with stands in `http-servers`.
 */
import type { Server as HttpServer, RequestListener } from 'node:http'
import type { Server } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { ProtocolFactory, ProtocolFactoryMaker, ServiceHost } from '../offerings/services.js'
import { buildApplication } from './application.js'
import { createWebServer, drainServer } from './http-servers.js'

export const webServer: ProtocolFactoryMaker = {
  async makeProtocolFactory(host: ServiceHost): Promise<ProtocolFactory> {
    const app = await buildApplication(host)
    const listener: RequestListener = (request, response) => app.routing(request, response)
    return {
      createServer(tls: SecureContextOptions | null): Server {
        const server = createWebServer(listener, tls)
        app.web.listeners.add(server, tls !== null)
        return server
      },
      drain: server => drainServer(server as HttpServer),
      close: () => app.close(),
    }
  },
}

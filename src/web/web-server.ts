/**
 * The web server of a node: what a SiteConfiguration speaks at its ports.
 *
 * One Fastify application serves all ports of a site; a port only brings connections. Each part of what can be asked
 * registers its own routes (`application`).
 */
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Server } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { ProtocolFactory, ProtocolFactoryMaker, ServiceHost } from '../offerings/services.js'
import { buildApplication } from './application.js'

export const webServer: ProtocolFactoryMaker = {
  async makeProtocolFactory(host: ServiceHost): Promise<ProtocolFactory> {
    const app = await buildApplication(host)
    const listener: RequestListener = (request, response) => app.routing(request, response)
    return {
      createServer(tls: SecureContextOptions | null): Server {
        const server = tls === null ? createHttpServer(listener) : createHttpsServer(tls, listener)
        app.web.listeners.add(server, tls !== null)
        return server
      },
      drain: server => (server as HttpServer).closeIdleConnections(),
      close: () => app.close(),
    }
  },
}

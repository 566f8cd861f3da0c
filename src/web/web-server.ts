/**
 * The web server of a node: what a SiteConfiguration speaks at its ports.
 *
 * One Fastify application serves all ports of a site; a port only brings connections. Each part of what can be asked
 * registers its own routes below.
 */
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Server } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import fastify, { type FastifyInstance } from 'fastify'
import type { ProtocolFactory, ProtocolFactoryMaker, ServiceHost } from '../offerings/services.js'

export const webServer: ProtocolFactoryMaker = {
  async makeProtocolFactory(host: ServiceHost): Promise<ProtocolFactory> {
    const app = await buildApplication(host)
    const listener: RequestListener = (request, response) => app.routing(request, response)
    return {
      createServer: (tls: SecureContextOptions | null): Server =>
        tls === null ? createHttpServer(listener) : createHttpsServer(tls, listener),
      drain: server => (server as HttpServer).closeIdleConnections(),
      close: () => app.close(),
    }
  },
}

/** All routes of a site. */
export async function buildApplication(_host: ServiceHost): Promise<FastifyInstance> {
  const app = fastify()
  await app.ready()
  return app
}

/**
 * HTTP and HTTPS servers that bear with strangers: how long somebody may take for a request, how much of it there may be,
 * and what is said to whoever does not speak HTTP.
 */
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Duplex } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'

export interface ConnectionLimits {
  /** Milliseconds for all headers of a request. */
  readonly headers: number
  /** Milliseconds for a request with its body. */
  readonly request: number
  /** Milliseconds that a connection stays open between requests. */
  readonly keepAlive: number
  /** Milliseconds without a byte in either direction, for instance while somebody does not read an answer. */
  readonly silence: number
  /** How often, in milliseconds, these times are looked at. */
  readonly looked: number
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headers: 15_000,
  request: 60_000,
  keepAlive: 10_000,
  silence: 90_000,
  looked: 5_000,
}

/** Bytes of request line and headers together. */
const MOST_HEADER_BYTES = 16 * 1024

/** A server that does not listen yet; over TLS with `tls`. */
export function createWebServer(
  listener: RequestListener,
  tls: SecureContextOptions | null,
  limits = CONNECTION_LIMITS,
): HttpServer {
  const options = {
    maxHeaderSize: MOST_HEADER_BYTES,
    headersTimeout: limits.headers,
    requestTimeout: limits.request,
    keepAliveTimeout: limits.keepAlive,
    connectionsCheckingInterval: limits.looked,
    requireHostHeader: true,
    insecureHTTPParser: false,
  }
  const server =
    tls === null
      ? createHttpServer(options, listener)
      : createHttpsServer({ ...tls, ...options, handshakeTimeout: limits.headers }, listener)
  // Node drops headers beyond a number without a word; their bytes are bounded already.
  server.maxHeadersCount = 0
  server.setTimeout(limits.silence, socket => socket.destroy())
  server.on('clientError', refuseUnreadable)
  return server
}

/** A server that has stopped accepting closes connections as they fall idle; Node leaves them open until their time is over. */
export function drainServer(server: HttpServer): void {
  server.closeIdleConnections()
  const again = setInterval(() => server.closeIdleConnections(), DRAINED_EVERY).unref()
  server.once('close', () => clearInterval(again))
}

/** Milliseconds. */
const DRAINED_EVERY = 20

/** What could not be read as a request gets a status without a page, and the connection ends. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const isTls = error.code?.startsWith('ERR_SSL') === true
  if (!socket.writable || isTls || error.code === 'ECONNRESET' || error.code === 'EPIPE') {
    socket.destroy()
    return
  }
  socket.end(`HTTP/1.1 ${statusLineFor(error.code)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  setTimeout(() => socket.destroy(), LINGER).unref()
}

/** Milliseconds that somebody has for reading why the connection ends. */
const LINGER = 1000

function statusLineFor(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large'
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return '408 Request Timeout'
  return '400 Bad Request'
}

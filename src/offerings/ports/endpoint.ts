/**
 * Where a port listens, read from an endpoint string and written as one.
 *
 *     tcp:8080                        tcp6:8080                       tcp:8080:interface=127.0.0.1:backlog=100
 *     ssl:8443                        ssl:8443:privateKey=key.pem:certKey=certificate.pem:extraCertChain=chain.pem
 *     unix:/run/site.sock             unix:/run/site.sock:mode=660
 *
 * The words, their order and their defaults are Twisted's, so that strings which the original wrote mean here what they
 * meant there, with these differences. `ssl` without `privateKey` uses the certificate of the site. A port number is
 * never the name of a service. `sslmethod` is accepted and means nothing: TLS 1.2 is the least that is spoken, whatever it
 * says. A `lockfile` is not kept: a socket that nobody answers is replaced, one that somebody answers is not.
 * What cannot be understood (`systemd:`, `haproxy:`, plugins) is refused, never guessed.
 */
import { joinEndpoint, splitEndpoint } from './endpoint-syntax.js'
import { EndpointWordReader } from './endpoint-words.js'
import { invalidEndpoint } from './port-errors.js'

/** As Twisted has it: connections that wait to be accepted. */
export const BACKLOG = 50
/** In bytes: the system's own limit for sockets, on the platforms where it is lowest. */
export const LONGEST_SOCKET_PATH = 103
const SOCKET_MODE = 0o666

export interface TcpEndpoint {
  readonly kind: 'tcp' | 'tcp6'
  /** 0 lets the system choose. */
  readonly port: number
  /** An address or a host name; empty for all addresses of the machine. */
  readonly interface: string
  readonly backlog: number
}

/** Paths of PEM files, as written: what is relative is meant from the directory of the site. */
export interface CertificatePaths {
  /** The certificate, perhaps with its chain, perhaps with the key. */
  readonly certificate: string
  readonly key: string
  /** Further certificates of the chain. */
  readonly chain: string | null
}

export interface TlsEndpoint extends Omit<TcpEndpoint, 'kind'> {
  readonly kind: 'ssl'
  /** null for the certificate of the site. */
  readonly certificate: CertificatePaths | null
}

export interface UnixEndpoint {
  readonly kind: 'unix'
  readonly path: string
  /** Permissions of the socket; who may write to it may connect. */
  readonly mode: number
  readonly backlog: number
}

export type Endpoint = TcpEndpoint | TlsEndpoint | UnixEndpoint

/** @throws InvalidInputError (`ENDPOINT_INVALID`) */
export function parseEndpoint(text: string): Endpoint {
  if (/\p{Cc}/u.test(text) || !text.isWellFormed()) throw invalidEndpoint(text, 'holds characters that cannot be meant')
  const { kind } = splitEndpoint(text)
  const words = new EndpointWordReader(text)
  if (kind === 'tcp' || kind === 'tcp6')
    return words.finish(['port', 'interface', 'backlog'], () => readTcp(kind, words))
  if (kind === 'ssl') return words.finish(SSL_ORDER, () => readTls(words))
  if (kind === 'unix') return words.finish(['address', 'mode', 'backlog', 'lockfile'], () => readUnix(words))
  throw invalidEndpoint(text, /^\d+$/.test(text) ? 'has no kind in front' : 'is of no kind that is known here')
}

/** The string that {@link parseEndpoint} reads as the same endpoint; defaults are left out. */
export function formatEndpoint(endpoint: Endpoint): string {
  const named = new Map<string, string>()
  if (endpoint.kind === 'ssl' && endpoint.certificate !== null) nameCertificate(named, endpoint.certificate)
  if (endpoint.kind === 'unix') {
    if (endpoint.mode !== SOCKET_MODE) named.set('mode', endpoint.mode.toString(8))
  } else if (endpoint.interface !== '') named.set('interface', endpoint.interface)
  if (endpoint.backlog !== BACKLOG) named.set('backlog', String(endpoint.backlog))
  const place = endpoint.kind === 'unix' ? endpoint.path : String(endpoint.port)
  return joinEndpoint({ kind: endpoint.kind, places: [place], named })
}

/** In the order in which they may stand without a name. */
const SSL_ORDER = [
  ...['port', 'privateKey', 'certKey', 'sslmethod', 'interface', 'backlog', 'extraCertChain'],
  'dhParameters',
]

function readTcp(kind: 'tcp' | 'tcp6', words: EndpointWordReader): TcpEndpoint {
  return {
    kind,
    port: words.portNumber(),
    interface: words.text('interface'),
    backlog: words.count('backlog', BACKLOG),
  }
}

function readTls(words: EndpointWordReader): TlsEndpoint {
  const { port, interface: face, backlog } = readTcp('tcp', words)
  words.match('sslmethod', /^(?:\w+_METHOD)?$/)
  const key = words.text('privateKey')
  const given = words.text('certKey')
  const chain = words.text('extraCertChain') || null
  if (key === '' && (given !== '' || chain !== null)) throw words.wrong('names a certificate without its privateKey')
  return {
    kind: 'ssl',
    port,
    interface: face,
    backlog,
    certificate: key === '' ? null : { certificate: given || key, key, chain },
  }
}

function readUnix(words: EndpointWordReader): UnixEndpoint {
  words.match('lockfile', /^[01]?$/)
  const path = words.text('address')
  if (path === '') throw words.wrong('has no path')
  return { kind: 'unix', path, mode: words.mode('mode', SOCKET_MODE), backlog: words.count('backlog', BACKLOG) }
}

function nameCertificate(named: Map<string, string>, { certificate, key, chain }: CertificatePaths): void {
  named.set('privateKey', key)
  if (certificate !== key) named.set('certKey', certificate)
  if (chain !== null) named.set('extraCertChain', chain)
}

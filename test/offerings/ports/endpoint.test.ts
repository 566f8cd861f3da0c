import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Endpoint, formatEndpoint, parseEndpoint } from '../../../src/offerings/ports/endpoint.js'
import { joinEndpoint, splitEndpoint } from '../../../src/offerings/ports/endpoint-syntax.js'

const at = { interface: '', backlog: 50 }

describe('endpoint strings as Twisted writes them', () => {
  it.each<[string, Endpoint]>([
    ['tcp:8080', { kind: 'tcp', port: 8080, ...at }],
    ['tcp:port=8080', { kind: 'tcp', port: 8080, ...at }],
    ['tcp:0:interface=127.0.0.1', { kind: 'tcp', port: 0, interface: '127.0.0.1', backlog: 50 }],
    ['tcp:80:10.0.0.1:5', { kind: 'tcp', port: 80, interface: '10.0.0.1', backlog: 5 }],
    ['tcp6:8080', { kind: 'tcp6', port: 8080, ...at }],
    ['tcp:80:interface=\\:\\:1', { kind: 'tcp', port: 80, interface: '::1', backlog: 50 }],
    ['ssl:8443', { kind: 'ssl', port: 8443, ...at, certificate: null }],
    [
      'ssl:443:privateKey=/k/key.pem:certKey=/k/cert.pem:extraCertChain=chain.pem:sslmethod=TLSv1_2_METHOD',
      {
        kind: 'ssl',
        port: 443,
        ...at,
        certificate: { key: '/k/key.pem', certificate: '/k/cert.pem', chain: 'chain.pem' },
      },
    ],
    [
      'ssl:443:server.pem:interface=127.0.0.1',
      {
        kind: 'ssl',
        port: 443,
        interface: '127.0.0.1',
        backlog: 50,
        certificate: { key: 'server.pem', certificate: 'server.pem', chain: null },
      },
    ],
    ['unix:/run/site.sock', { kind: 'unix', path: '/run/site.sock', mode: 0o666, backlog: 50 }],
    ['unix:/run/a\\:b.sock:mode=660:lockfile=1', { kind: 'unix', path: '/run/a:b.sock', mode: 0o660, backlog: 50 }],
    ['unix:address=x=y', { kind: 'unix', path: 'x=y', mode: 0o666, backlog: 50 }],
  ])('%s', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint)
  })

  it.each([
    ['', 'is of no kind'],
    ['8080', 'has no kind in front'],
    ['tcp', 'has no port number'],
    ['tcp:', 'has no port number'],
    ['tcp:http', 'has http where a port number is expected'],
    ['tcp:65536', 'has 65536 where'],
    ['tcp:-1', 'has -1 where'],
    ['tcp:80:port=80', 'says port twice'],
    ['tcp:80:interface=a:interface=b', 'says interface twice'],
    ['tcp:80:colour=red', 'has colour, which is unknown'],
    ['tcp:80:127.0.0.1:50:more', 'has too many values'],
    ['tcp:80:backlog=0', 'has a backlog that is no number'],
    ['tcp:80\\', 'ends with a backslash'],
    ['tcp:80:interface=a\nb', 'holds characters'],
    ['ssl:443:certKey=c.pem', 'names a certificate without its privateKey'],
    ['ssl:443:sslmethod=rot13', 'has the sslmethod rot13'],
    ['ssl:443:privateKey=k.pem:dhParameters=d.pem', 'has dhParameters, which is not supported'],
    ['unix', 'has no path'],
    ['unix:/run/x:mode=999', 'has a mode that is none'],
    ['systemd:domain=INET:index=0', 'is of no kind'],
  ])('refuses %j', (text, why) => {
    expect(() => parseEndpoint(text)).toThrow(`${JSON.stringify(text)} ${why}`)
    expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code: 'ENDPOINT_INVALID' }))
  })
})

const name = fc.string({ unit: 'binary', maxLength: 6 })

it('every word with its values is written and read again as the same', () => {
  const words = fc.record({
    kind: name,
    places: fc.array(name, { maxLength: 3 }),
    named: fc.array(fc.tuple(name, name), { maxLength: 3 }).map(pairs => new Map(pairs)),
  })
  fc.assert(fc.property(words, each => void expect(splitEndpoint(joinEndpoint(each))).toEqual(each)))
})

it('every endpoint is written and read again as the same', () => {
  const word = fc.string({ unit: fc.constantFrom('a', ':', '=', '\\', '/', '.', 'ü', ' '), minLength: 1, maxLength: 8 })
  const backlog = fc.integer({ min: 1, max: 99_999 })
  const port = fc.integer({ min: 0, max: 65_535 })
  const face = fc.oneof(fc.constant(''), word)
  const certificate = fc.record({ key: word, certificate: word, chain: fc.option(word) })
  const tcp = fc.record({ kind: fc.constantFrom('tcp' as const, 'tcp6' as const), port, interface: face, backlog })
  const tls = fc.record({
    kind: fc.constant('ssl' as const),
    port,
    interface: face,
    backlog,
    certificate: fc.option(certificate),
  })
  const mode = fc.integer({ min: 0, max: 0o777 })
  const unix = fc.record({ kind: fc.constant('unix' as const), path: word, mode, backlog })
  const endpoint: fc.Arbitrary<Endpoint> = fc.oneof(tcp, tls, unix)
  fc.assert(fc.property(endpoint, each => void expect(parseEndpoint(formatEndpoint(each))).toEqual(each)))
})

it('reads any text, or says what is wrong with it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      try {
        parseEndpoint(`tcp:${text}`)
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENDPOINT_INVALID' })
      }
    }),
  )
})

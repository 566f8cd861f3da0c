import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect } from 'node:net'

/** Milliseconds after which a server that has said something has said all. */
const SILENCE = 300

/**
 * What a server says to bytes that nobody has looked at, until it closes or falls silent.
 *
 * @param patience - milliseconds for its first word; a loaded machine needs some.
 */
export function sendRaw(url: string, bytes: string | Buffer, patience = 20_000): Promise<string> {
  const { port, hostname } = new URL(url)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.setTimeout(patience, () => socket.destroy())
    socket.on('data', chunk => {
      socket.setTimeout(SILENCE)
      text += chunk.toString('latin1')
    })
    socket.on('error', error => (text === '' ? reject(error) : undefined))
    socket.on('close', () => resolve(text))
  })
}

export interface HostAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** A request with any Host header, which `fetch` does not allow; the certificate of a TLS port may be anybody's. */
export function askAs(host: string, url: string, headers: Record<string, string> = {}): Promise<HostAnswer> {
  const ask = url.startsWith('https:') ? tlsRequest : plainRequest
  return new Promise((resolve, reject) => {
    const asked = ask(url, { headers: { ...headers, host }, rejectUnauthorized: false }, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'

/** The longest that browsers accept. */
export const LONGEST_LIFE = 825
const DAY = 86_400_000

export interface NewCertificate {
  /** Host names in any alphabet, `*.` in front of one for all below it, or addresses; the first is the common name. */
  readonly names: readonly string[]
  /** How long it is valid. */
  readonly days?: number
  readonly now?: Date
}

/**
 * A private key and a self-signed certificate, as one PEM text, key first.
 *
 * P-256; a client must find one of the names in it, and it signs no other certificate. The serial number is random, so
 * that no two are equal.
 */
export async function makeCertificate({
  names,
  days = LONGEST_LIFE,
  now = new Date(),
}: NewCertificate): Promise<string> {
  const { generate } = await import('selfsigned')
  const written = [...new Set(names.map(asciiName))]
  const { private: key, cert } = await generate([{ name: 'commonName', value: written[0] ?? 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: now,
    notAfterDate: new Date(now.getTime() + days * DAY),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: written.map(alternativeName) },
    ],
  })
  return `${key.trim()}\n${cert.trim()}\n`
}

/** Certificates are written in ASCII; what has no such form is left as it is. */
function asciiName(name: string): string {
  if (isIP(name) !== 0) return name
  const wildcard = name.startsWith('*.') ? '*.' : ''
  return wildcard + (domainToASCII(name.slice(wildcard.length)) || name.slice(wildcard.length))
}

function alternativeName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name }
}

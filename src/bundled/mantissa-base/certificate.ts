const DAYS = 825
const DAY = 86_400_000

/**
 * A private key and a self-signed certificate for `hostname`, as one PEM text, key first.
 *
 * P-256, valid for 825 days, which is the longest that browsers accept; the common name and the only alternative name
 * are the host name; the serial number is random, so that no two are equal.
 */
export async function makeCertificate(hostname: string, now = new Date()): Promise<string> {
  const { generate } = await import('selfsigned')
  const { private: key, cert } = await generate([{ name: 'commonName', value: hostname }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: now,
    notAfterDate: new Date(now.getTime() + DAYS * DAY),
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames: [{ type: 2, value: hostname }] },
    ],
  })
  return `${key.trim()}\n${cert.trim()}\n`
}

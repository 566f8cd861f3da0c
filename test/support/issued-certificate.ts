import { generate } from 'selfsigned'

/** What an authority gives: the certificate with its chain, and the key beside it. */
export interface Issued {
  readonly certificate: string
  readonly key: string
  /** Of the authority; clients trust it. */
  readonly authority: string
}

/** A certificate that another authority has issued. */
export async function issueCertificate(
  hostname: string,
  notAfter = new Date(Date.now() + 90 * 86_400_000),
): Promise<Issued> {
  const options = { keyType: 'ec', algorithm: 'sha256', notBeforeDate: new Date(Date.now() - 9 * 86_400_000) } as const
  const authority = await generate([{ name: 'commonName', value: 'An Authority' }], {
    ...options,
    extensions: [{ name: 'basicConstraints', cA: true, critical: true }],
  })
  const own = await generate([{ name: 'commonName', value: hostname }], {
    ...options,
    notAfterDate: notAfter,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: hostname }] }],
  })
  return { certificate: `${own.cert.trim()}\n${authority.cert.trim()}\n`, key: own.private, authority: authority.cert }
}

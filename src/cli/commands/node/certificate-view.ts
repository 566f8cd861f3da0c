import type { DescribedCertificate } from '../../../offerings/certificates/describe-certificate.js'
import type { DeedStatus } from '../../deed-status.js'
import type { View } from '../../view.js'

/** What `tls show` tells. */
export const certificateView: View<DescribedCertificate> = {
  certificate: { title: 'certificate', value: row => row.path },
  subject: { title: 'subject', value: row => row.subject },
  names: { title: 'names', value: row => row.names },
  issuer: { title: 'issuer', value: row => row.issuer },
  selfSigned: { title: 'self-signed', value: row => row.selfSigned },
  notBefore: { title: 'valid from', value: row => row.notBefore },
  notAfter: { title: 'valid until', value: row => row.notAfter },
  daysLeft: { title: 'days left', value: row => row.daysLeft },
  serial: { title: 'serial number', value: row => row.serial },
  fingerprint: { title: 'SHA-256', value: row => row.fingerprint },
  keyMode: { title: 'permissions of the key', value: row => row.keyMode },
  ports: { title: 'ports', value: row => row.ports },
  namesSite: { title: 'names the site', value: row => row.namesSite },
  others: { title: 'other certificates', value: row => row.others },
}

/** What `tls renew` and `tls use` come to. */
export interface ReplacedCertificate {
  readonly status: DeedStatus
  readonly path: string
  readonly names: readonly string[]
  /** RFC 3339; null in a dry run. */
  readonly notAfter: string | null
  readonly fingerprint: string | null
}

export const replacedCertificateView: View<ReplacedCertificate> = {
  status: { title: 'status', value: row => row.status },
  certificate: { title: 'certificate', value: row => row.path },
  names: { title: 'names', value: row => row.names },
  notAfter: { title: 'valid until', value: row => row.notAfter },
  fingerprint: { title: 'SHA-256', value: row => row.fingerprint },
}

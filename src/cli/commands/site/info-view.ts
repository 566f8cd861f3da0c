import { formatSize } from '../../../base/duration-size.js'
import type { View } from '../../view.js'

/** What `info` tells about a site. */
export interface SiteInfo {
  readonly directory: string
  readonly siteId: string | null
  readonly suspectedCopy: boolean
  readonly hostname: string | null
  readonly publicUrl: string | null
  readonly people: number
  readonly disabled: number
  readonly loginCount: number | null
  readonly failedLogins: number | null
  readonly offerings: readonly string[]
  /** Deeds that have begun and not ended, with what keeps them from it. */
  readonly pending: readonly string[]
  readonly openTransfers: readonly string[]
  /** Endpoint strings: `tcp:8080`, `ssl:8443`. */
  readonly ports: readonly string[]
  /** Of the site's own database and its log. */
  readonly bytes: number
}

export const infoView: View<SiteInfo> = {
  site: { title: 'site', value: ({ directory }) => directory },
  siteId: { title: 'site id', value: ({ siteId }) => siteId },
  suspectedCopy: { title: 'may be a copy', value: ({ suspectedCopy }) => suspectedCopy },
  hostname: { title: 'host name', value: ({ hostname }) => hostname },
  publicUrl: { title: 'public URL', value: ({ publicUrl }) => publicUrl },
  people: { title: 'people', value: ({ people }) => people },
  disabled: { title: 'disabled', value: ({ disabled }) => disabled },
  loginCount: { title: 'logins', value: ({ loginCount }) => loginCount },
  failedLogins: { title: 'failed logins', value: ({ failedLogins }) => failedLogins },
  ports: { title: 'ports', value: ({ ports }) => ports },
  bytes: { title: 'site database', value: ({ bytes }) => bytes, text: ({ bytes }) => formatSize(bytes) },
  offerings: { title: 'offerings', value: ({ offerings }) => offerings },
  pending: { title: 'unfinished deeds', value: ({ pending }) => pending },
  openTransfers: { title: 'open transfers', value: ({ openTransfers }) => openTransfers },
}

import type { CreatedSite } from '../../../offerings/create-site.js'
import type { DeedStatus } from '../../deed-status.js'
import type { View } from '../../view.js'

/** What `create-site` came to. */
export interface SiteOutcome extends Omit<CreatedSite, 'status' | 'adminStatus'> {
  readonly status: DeedStatus
  readonly adminStatus: DeedStatus | null
}

export const createdSiteView: View<SiteOutcome> = {
  site: { title: 'site', value: row => row.site },
  status: { title: 'status', value: row => row.status },
  hostname: { title: 'host name', value: row => row.hostname },
  publicUrl: { title: 'public URL', value: row => row.publicUrl },
  admin: { title: 'administrator', value: row => row.admin },
  adminStatus: { title: 'administrator is', value: row => row.adminStatus, jsonOnly: true },
}

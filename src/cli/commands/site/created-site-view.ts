import type { CreatedSite } from '../../../offerings/create-site.js'
import type { DeedStatus } from '../../deed-status.js'
import type { View } from '../../view.js'

/** What `create-site` came to. */
export interface SiteOutcome extends Omit<CreatedSite, 'status' | 'adminStatus'> {
  readonly status: DeedStatus
  readonly adminStatus: DeedStatus | null
}

export const createdSiteView: View<SiteOutcome> = {
  site: { title: 'SITE', value: row => row.site },
  status: { title: 'STATUS', value: row => row.status },
  hostname: { title: 'HOST NAME', value: row => row.hostname },
  publicUrl: { title: 'PUBLIC URL', value: row => row.publicUrl },
  admin: { title: 'ADMINISTRATOR', value: row => row.admin },
  adminStatus: { title: 'ADMINISTRATOR IS', value: row => row.adminStatus, jsonOnly: true },
}

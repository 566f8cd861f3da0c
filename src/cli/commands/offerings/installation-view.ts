import type { DeedStatus } from '../../deed-status.js'
import type { View } from '../../view.js'

/** What `offering install` came to. */
export interface InstallationOutcome {
  readonly offering: string
  readonly status: DeedStatus
  /** The application store, below the site's `files/`; null when it was there already. */
  readonly store: string | null
  readonly siteRequirements: readonly string[]
  readonly appPowerups: readonly string[]
}

export const installationView: View<InstallationOutcome> = {
  offering: { title: 'offering', value: row => row.offering },
  status: { title: 'status', value: row => row.status },
  store: { title: 'store', value: row => row.store },
  siteRequirements: { title: 'added to the site', value: row => row.siteRequirements, jsonOnly: true },
  appPowerups: { title: 'added to its store', value: row => row.appPowerups, jsonOnly: true },
}

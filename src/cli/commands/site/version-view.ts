import type { PackageVersion } from '../../../store-engine/versions/version-history.js'
import type { View } from '../../view.js'

/** A set of software that works, or has worked, on a site. */
export interface SiteVersions {
  readonly status: 'running' | 'recorded'
  /** RFC 3339; null for what runs now. */
  readonly recorded: string | null
  readonly software: readonly PackageVersion[]
}

export const versionView: View<SiteVersions> = {
  status: { title: 'status', value: ({ status }) => status },
  recorded: { title: 'since', value: ({ recorded }) => recorded, isWhole: true },
  software: {
    title: 'software',
    value: ({ software }) => software.map(({ package: name, version }) => ({ package: name, version })),
    text: ({ software }) => software.map(({ package: name, version }) => `${name} ${version}`).join(', '),
  },
}

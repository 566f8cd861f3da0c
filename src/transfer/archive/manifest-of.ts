import type { AccountRecord } from '../../accounts/account-record.js'
import type { ApplicationRecord } from '../../offerings/application-record.js'
import type { Endowment } from '../../offerings/endowments.js'
import type { Fence } from '../../store-engine/database/write-fence.js'
import type { Contents } from '../copying/live-copy.js'
import type { Manifest } from './manifest.js'

export interface ManifestParts {
  readonly contents: Contents
  readonly record: AccountRecord
  readonly application: ApplicationRecord | null
  readonly endowments: readonly Endowment[]
  readonly fence: Pick<Fence, 'storeId' | 'epoch' | 'incarnation'> & { readonly siteId: string | null }
  readonly address: string
  /** Whether the user leaves with it. */
  readonly removed: boolean
}

/** The manifest of a copy that was made just now. */
export function manifestOf({
  contents,
  record,
  application,
  endowments,
  fence,
  address,
  removed,
}: ManifestParts): Manifest {
  return {
    ...contents,
    created: new Date().toISOString(),
    writer: 'mantissa',
    siteId: fence.siteId,
    storeId: fence.storeId,
    epoch: fence.epoch,
    incarnation: fence.incarnation,
    removed,
    address,
    disabled: record.disabled,
    application,
    endowments: endowments.map(({ offering, powerup }) => ({ offering, powerup })),
    methods: record.methods.map(({ localpart, domain, protocol, internal, verified }) => ({
      localpart,
      domain,
      protocol,
      internal,
      verified,
    })),
  }
}

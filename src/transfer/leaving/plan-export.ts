import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Address, formatAddress } from '../../base/address.js'
import { InvalidInputError, NotFoundError } from '../../base/errors.js'
import type { ApplicationRecord } from '../../offerings/application-record.js'
import { openTransferForAccount } from '../../site/account-fence.js'
import { assertNotACopy } from '../../site/identity.js'
import type { Site } from '../../site/site.js'
import { TransferOpenError } from '../../site/transfers-journal.js'
import { describeLeaving, warningsOfLeaving } from '../applications/leaving-application.js'
import { assertDispensable } from '../applications/movable-application.js'
import { describeUserStore, type UserStoreFacts } from '../copying/describe-store.js'
import { assertNoForeignWriter } from '../copying/foreign-writers.js'
import { assertSpace } from '../plan-transfer.js'
import { pathOf } from './deliver-export.js'
import type { ExportOptions } from './export-options.js'
import { assertAbsent } from './publish-export.js'

/** What an export would do. */
export interface ExportPlan {
  readonly address: string
  readonly addresses: readonly string[]
  readonly path: string | null
  readonly format: 'archive' | 'directory'
  readonly databaseBytes: number
  readonly fileBytes: number
  readonly files: number
  readonly removed: boolean
  /** The offering whose application store it is; null for a person's. */
  readonly offering: string | null
  readonly warnings: readonly string[]
}

export async function planExport(site: Site, address: Address, options: ExportOptions): Promise<ExportPlan> {
  const facts = await describeUserStore(site, address)
  assertExportable(site, facts, options)
  return {
    address: facts.address,
    addresses: facts.addresses.map(formatAddress),
    path: pathOf(options.to, facts.address),
    format: options.to.kind === 'directory' ? 'directory' : 'archive',
    databaseBytes: facts.databaseBytes,
    fileBytes: facts.fileBytes,
    files: facts.files,
    removed: options.remove ?? false,
    offering: facts.application?.offering ?? null,
    warnings: warningsOfExport(site, facts, options),
  }
}

/** What it means for the site that an application store leaves it. */
export function warningsOfExport(site: Site, facts: UserStoreFacts, { remove }: ExportOptions): readonly string[] {
  const { application } = facts
  return application === null || !remove ? [] : warningsOfLeaving(describeLeaving(site, facts, application))
}

export function assertExportable(
  site: Site,
  facts: UserStoreFacts,
  { to, remove, assumeStopped }: ExportOptions,
): void {
  if (facts.application !== null) assertApplicationExportable(site, facts.application, { to, remove })
  const path = pathOf(to, facts.address)
  if (path !== null) {
    if (!existsSync(dirname(path)))
      throw new NotFoundError(`there is no directory ${dirname(path)}`, { hint: `mkdir -p ${dirname(path)}` })
    assertAbsent(path)
    accessSync(dirname(path), constants.W_OK)
    assertSpace(dirname(path), facts.databaseBytes + facts.fileBytes)
  }
  if (to.kind !== 'directory') assertSpace(site.directory, (facts.databaseBytes + facts.fileBytes) * 1.1)
  if (!remove) return
  assertNotACopy(site)
  const open = openTransferForAccount(site, facts.account.storeID)
  if (open !== undefined) throw new TransferOpenError(open)
  if (!assumeStopped) assertNoForeignWriter(site.directory, facts.directory)
}

/** The directory form has no place for what the site holds for it. */
function assertApplicationExportable(
  site: Site,
  application: ApplicationRecord,
  { to, remove }: Pick<ExportOptions, 'to' | 'remove'>,
): void {
  if (to.kind === 'directory') {
    throw new InvalidInputError(`the records of the offering ${application.offering} do not fit into a directory`, {
      code: 'APP_STORE_NEEDS_ARCHIVE',
      hint: 'export it to an archive: leave --format out',
      details: { offering: application.offering },
    })
  }
  if (remove) assertDispensable(site, application)
}

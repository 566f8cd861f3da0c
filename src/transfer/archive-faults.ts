import { IntegrityError } from '../base/errors.js'
import type { JsonObject } from '../base/json.js'

/** What an archive, or a directory that was extracted, can be refused for, and what to do then. */
export const ARCHIVE_FAULTS = {
  NOT_AN_ARCHIVE: 'check the path: this was not made by export-user',
  ARCHIVE_TRUNCATED: 'copy or export it again: it was cut off on the way',
  ARCHIVE_DAMAGED: 'copy or export it again; an archive is never repaired',
  ARCHIVE_TOO_LARGE: 'do not import it: it may be meant to fill the disk',
  ARCHIVE_TOO_NEW: 'import it with a newer mantissa',
  ARCHIVE_UNSAFE_ENTRY: 'do not import it: mantissa writes no such entry',
  ARCHIVE_ENTRY_UNLISTED: 'do not import it: this was added after it was made',
  ARCHIVE_ENTRY_TWICE: 'do not import it: mantissa writes each name once',
  ARCHIVE_ENTRY_MISPLACED: 'do not import it: its entries were put into another order',
  ARCHIVE_MANIFEST_INVALID: 'export the user again; an archive is never repaired',
  ARCHIVE_MANIFEST_FALSE: 'do not import it: the manifest describes another store',
  STORE_IDENTITY_INVALID: 'export the user again, or import a copy with --as',
  STORE_IS_A_SITE: 'name the directory of one of its users, below files/account',
  STORE_WITHOUT_ADDRESS: 'only users and application stores are imported; a user without an address needs --as',
  STORE_WITH_TOO_MANY_ADDRESSES: 'remove addresses that nobody uses, and export the user again',
  STORE_CHANGING_HANDS: 'finish its move where it was begun; --restore only when the original is lost',
} as const satisfies Readonly<Record<string, string>>

export type ArchiveFault = keyof typeof ARCHIVE_FAULTS

/** The archive or directory cannot be what it claims to be; nothing was created in the site. */
export class ArchiveRefusedError extends IntegrityError {
  constructor(fault: ArchiveFault, message: string, details: JsonObject = {}, cause?: unknown) {
    super(message, { code: fault, hint: ARCHIVE_FAULTS[fault], details, cause })
  }
}

/** One entry of an archive is refused. */
export function entryRefused(fault: ArchiveFault, entry: string, why: string): ArchiveRefusedError {
  return new ArchiveRefusedError(fault, `archive entry ${JSON.stringify(entry)} ${why}`, { entry, fault: why })
}

import { BusyError, ConflictError, IntegrityError, PendingError, RolledBackError } from '../base/errors.js'
import type { JsonObject } from '../base/json.js'

/** What arrived is not what was sent, byte for byte; nothing was admitted. */
export class VerificationError extends IntegrityError {
  constructor(message: string, details: JsonObject = {}) {
    super(message, {
      code: 'VERIFICATION_FAILED',
      hint: 'nothing was changed; check the disk and the archive, then try again',
      details,
    })
  }
}

/** Something below `files/` that cannot travel: a link, a device, a socket, a name that is not UTF-8. */
export class UnmovableFileError extends IntegrityError {
  constructor(path: string, fault: string) {
    super(`${path} ${fault}`, {
      code: 'FILE_NOT_MOVABLE',
      hint: 'replace it by a regular file, or remove it, then try again',
      details: { path },
    })
  }
}

/** The move cannot be made with these two sites; nothing was changed. */
export class TransferRefusedError extends ConflictError {
  constructor(
    message: string,
    options: { readonly code: string; readonly hint: string; readonly details?: JsonObject },
  ) {
    super(message, options)
  }
}

/** An application store is called like its offering wherever it is; nothing was changed. */
export class ApplicationRenamedError extends ConflictError {
  constructor(offering: string) {
    super(`the application store of ${offering} cannot have another name`, {
      code: 'APP_STORE_NOT_RENAMABLE',
      hint: 'leave --as out; a site has one application store of an offering',
      details: { offering },
    })
  }
}

/** A process has the store open that would not notice the fence; nothing was changed. */
export class StoreInUseError extends BusyError {
  constructor(message: string, details: JsonObject) {
    super(message, {
      code: 'STORE_IN_USE',
      hint: 'stop that process, or pass --assume-stopped when you know that it does not write',
      details,
    })
  }
}

/** The user is not where they were when the transfer was planned; nothing was begun. */
export class AccountChangedError extends BusyError {
  constructor(address: string, cause?: unknown) {
    super(`${address} has left, or was replaced, since the move was planned`, {
      code: 'ACCOUNT_CHANGED',
      hint: `see where they are: mantissa user ${address}`,
      details: { address },
      cause,
    })
  }
}

/** The transfer is decided but the other site could not be reached; the store stays readable where it was. */
export class TransferPendingError extends PendingError {
  constructor(transferId: string, reason: string, cause?: unknown) {
    super(`transfer ${transferId} is not finished: ${reason}`, {
      code: 'TRANSFER_PENDING',
      hint: `mantissa transfer resume ${transferId}`,
      details: { transferId, reason },
      cause,
    })
  }
}

/** The transfer failed before its commit point and was undone: the user is where they were, writable. */
export class TransferRolledBackError extends RolledBackError {
  constructor(transferId: string, address: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`transfer ${transferId} of ${address} was undone: ${reason}`, {
      code: 'TRANSFER_ROLLED_BACK',
      hint: 'the user is where they were; remove the cause and transfer again',
      details: { transferId, address, reason },
      cause,
    })
  }
}

/**
 * Somebody else has decided that the user stays, while this process stood still or worked on: an administrator, or
 * whoever waited for the user beyond the freeze limit. The user is where they were, or where they went since.
 */
export class TransferAbortedError extends RolledBackError {
  constructor(transferId: string, address: string, { reason, cause }: { readonly reason: string; cause: unknown }) {
    super(`transfer ${transferId} of ${address} was aborted by somebody else: ${reason}`, {
      code: 'TRANSFER_ABORTED',
      hint: `nothing was changed since; see where they are: mantissa user ${address}`,
      details: { transferId, address, reason },
      cause,
    })
  }
}

/** The user has left the site, but the reader of the export went away before its end; the old store is kept. */
export class ExportIncompleteError extends IntegrityError {
  constructor(address: string, quarantine: string, cause: unknown) {
    super(`${address} has left this site, but the export did not arrive whole`, {
      code: 'EXPORT_INCOMPLETE',
      hint: `mantissa import-user --restore ${quarantine}`,
      details: { address, quarantine },
      cause,
    })
  }
}

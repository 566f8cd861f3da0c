import {
  BusyError,
  ConflictError,
  DeniedError,
  type ErrorOptions,
  IntegrityError,
  InvalidInputError,
  NotFoundError,
} from '../base/errors.js'

/** A value that its attribute cannot hold; the item keeps the value it had. */
export class ConstraintError extends InvalidInputError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { code: 'CONSTRAINT', ...options })
  }
}

/** A reference, or a comparison with one, that would reach into another store. Nothing was set or asked. */
export class CrossStoreReferenceError extends InvalidInputError {
  constructor(message: string) {
    super(message, {
      code: 'CROSS_STORE_REFERENCE',
      hint: 'items of different stores touch each other by messages only',
    })
  }
}

/** The path is not a store. Opening never creates, so nothing was made there. */
export class NotAStoreError extends NotFoundError {
  constructor(directory: string, why: string) {
    super(`${directory} is not a store: ${why}`, {
      code: 'NOT_A_STORE',
      hint: 'name the directory that holds db.sqlite, or make a site with: mantissa create-site <dir>',
      details: { path: directory },
    })
  }
}

/** No item has this storeID, or its item was deleted. */
export class ItemNotFoundError extends NotFoundError {
  constructor(message: string) {
    super(message, { code: 'ITEM_NOT_FOUND', hint: 'see which items there are: mantissa items' })
  }
}

/** The item was deleted, or was created in a transaction that was rolled back. */
export class ItemGoneError extends NotFoundError {
  constructor(message: string) {
    super(message, { code: 'ITEM_GONE' })
  }
}

/** More than one item matches where exactly one was asked for. */
export class DuplicateUniqueItemError extends ConflictError {
  constructor(message: string) {
    super(message, { code: 'DUPLICATE_UNIQUE_ITEM' })
  }
}

/** A referrer forbids the deletion; nothing was deleted. */
export class DeletionDisallowedError extends ConflictError {
  constructor(message: string) {
    super(message, { code: 'DELETION_DISALLOWED' })
  }
}

/** A dependency forbids the act; nothing was installed or uninstalled. */
export class DependencyError extends ConflictError {
  constructor(message: string) {
    super(message, { code: 'DEPENDENCY' })
  }
}

/** What an item needs of its site is not there, and nobody said what to take instead. */
export class UnsatisfiedRequirementError extends NotFoundError {
  constructor(message: string) {
    super(message, { code: 'UNSATISFIED_REQUIREMENT', hint: 'install the offering that provides it' })
  }
}

/** The stored bytes of a reference name an item that is no longer there. */
export class BrokenReferenceError extends IntegrityError {
  constructor(message: string) {
    super(message, { code: 'BROKEN_REFERENCE' })
  }
}

/** SQLite, or the shape of the base tables, says that the file is damaged. Nothing was changed. */
export class DamagedStoreError extends IntegrityError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, {
      code: 'STORE_DAMAGED',
      hint: 'copy the store away and restore it from a backup, or recover rows with: sqlite3 db.sqlite .recover',
      ...options,
    })
  }
}

/** A type's columns on disk are not those of the code, although the versions are equal. The store was not opened. */
export class SchemaMismatchError extends IntegrityError {
  constructor(message: string) {
    super(message, { code: 'SCHEMA_MISMATCH', hint: 'raise the version of the item type and register an upgrader' })
  }
}

/** The store holds a newer version of a type than this code knows. The store was not opened. */
export class StoreTooNewError extends IntegrityError {
  constructor(message: string) {
    super(message, { code: 'STORE_TOO_NEW', hint: 'use the newer version of the software that wrote this store' })
  }
}

/** An item of a type whose code is not loaded was asked for as an object. It can still be listed generically. */
export class UnknownItemTypeError extends IntegrityError {
  constructor(message: string) {
    super(message, { code: 'UNKNOWN_ITEM_TYPE', hint: 'install the offering that defines the type' })
  }
}

/** Items of an older version of a type lie in the store and no chain of upgraders leads to the current one. */
export class NoUpgradePathError extends IntegrityError {
  /** `missing`: every step that nobody has registered. */
  constructor(store: string, missing: ReadonlyArray<{ typeName: string; from: number; to: number }>) {
    const steps = missing.map(({ typeName, from, to }) => `${typeName} from version ${from} to ${to}`)
    super(`${store}: no upgrader leads ${steps.join(', ')}`, {
      code: 'NO_UPGRADE_PATH',
      hint: 'install the version of the offering that has the upgraders',
      details: { missing: missing.map(({ typeName, from, to }) => ({ typeName, from, to })) },
    })
  }
}

/** Which item of which store was to go from which version to which. */
export interface ItemInUpgrade {
  readonly store: string
  readonly storeID: number
  readonly typeName: string
  readonly from: number
  readonly to: number
}

/** An upgrader failed; what it did was rolled back and the item keeps its old version. */
export class ItemUpgradeError extends IntegrityError {
  readonly item: ItemInUpgrade

  constructor(item: ItemInUpgrade, cause: unknown, options: ErrorOptions = {}) {
    const { store, storeID, typeName, from, to } = item
    const why = cause instanceof Error ? cause.message : String(cause)
    super(`${store}: item ${storeID}, ${typeName} from version ${from} to ${to}: ${why}`, {
      code: 'ITEM_UPGRADE',
      hint: 'report it to the author of the offering that defines the type',
      details: { storeID, typeName, from, to },
      cause,
      ...options,
    })
    this.item = item
  }
}

/** An upgrader has asked, through others or directly, for the very item that it upgrades. Nothing was changed. */
export class UpgraderRecursionError extends ItemUpgradeError {
  constructor(item: ItemInUpgrade) {
    super(item, 'its upgrade asks for the item itself', { code: 'UPGRADER_RECURSION' })
  }
}

/** Items must be upgraded before they can be read, and this store was opened for reading only. */
export class UpgradeRequiredError extends IntegrityError {
  constructor(message: string) {
    super(message, {
      code: 'UPGRADE_REQUIRED',
      hint: 'upgrade the site with: mantissa upgrade',
    })
  }
}

/** The store was opened for reading only; nothing was written. */
export class ReadOnlyStoreError extends DeniedError {
  constructor(message: string) {
    super(message, { code: 'STORE_READ_ONLY', hint: 'check the permissions of the store directory and of db.sqlite' })
  }
}

/** Another process holds the store; the busy timeout passed and nothing was written. */
export class StoreBusyError extends BusyError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { code: 'STORE_BUSY', hint: 'try again when it has finished', ...options })
  }
}

/** The write fence of the store is not `active`: it is being moved, or was. It can be read; nothing was written. */
export class StoreSealedError extends BusyError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { code: 'STORE_SEALED', hint: 'see: mantissa transfer list', ...options })
  }
}

/**
 * The store was moved or replaced in the very moment in which it, or a file of it, was opened. Nothing was written.
 */
export class StoreMovedError extends BusyError {
  constructor(directory: string, cause?: unknown) {
    super(`${directory} was moved while it was opened`, {
      code: 'STORE_MOVED',
      hint: 'try again; where it went: mantissa transfer list',
      details: { path: directory },
      cause,
    })
  }
}

/** The store's directory carries a database in memory only, so there is no place for files. */
export class NoFilesAreaError extends InvalidInputError {
  constructor(message: string) {
    super(message, { code: 'NO_FILES_AREA' })
  }
}

/** A path attribute or file name that leads out of the store's files directory. */
export class InvalidPathError extends InvalidInputError {
  constructor(message: string) {
    super(message, { code: 'INVALID_PATH' })
  }
}

/** SQL that a person has typed makes no sense to SQLite; what its transaction had done was undone. */
export class SqlMistakeError extends InvalidInputError {
  constructor(message: string) {
    super(message, { code: 'SQL_MISTAKE', hint: 'tables and columns: mantissa sql "SELECT sql FROM sqlite_master"' })
  }
}

/** SQL that a person has typed and that may not be run; nothing was. */
export class StatementRefusedError extends InvalidInputError {
  constructor(message: string, hint: string) {
    super(message, { code: 'SQL_REFUSED', hint })
  }
}

/** A statement that a person has typed would break a constraint of a table; its transaction was undone. */
export class SqlConstraintError extends ConflictError {
  constructor(message: string) {
    super(message, { code: 'SQL_CONSTRAINT', hint: 'the message names the table and its column' })
  }
}

/**
 * The one tree of errors that a person may see.
 *
 * Seven families answer "whose move is it": the caller typed something wrong (invalid input), named something that
 * is not there (not found) or is there already (conflict), may not (denied), must wait or reach something first
 * (busy, unavailable), or the bytes themselves are wrong (integrity). Three more tell how a deed of several steps
 * ended: pending (in doubt, something still has to happen), rolled back, and partial failure (some of many).
 *
 * Domain folders subclass these and give their own stable `code`. A code is a promise: scripts compare it, and
 * `mantissa explain <CODE>` has a text for each. The docstring of a subclass says what did not happen.
 *
 * Exit codes are no business of this file; they live in one table of the command line.
 */
import type { JsonObject } from './json.js'

export interface ErrorOptions {
  /** Stable, SCREAMING_SNAKE; overrides the family's code. */
  readonly code?: string
  /** One line: a command to run or a change to make. Empty when there is nothing to advise. */
  readonly hint?: string
  /** Facts for programs; never a secret. */
  readonly details?: JsonObject
  readonly cause?: unknown
}

/** An expected failure: the message is one lower-case line that names the thing it is about. */
export abstract class MantissaError extends Error {
  readonly code: string
  readonly hint: string
  readonly details: JsonObject

  constructor(message: string, familyCode: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code ?? familyCode
    this.hint = options.hint ?? ''
    this.details = options.details ?? {}
  }
}

/** What was typed or passed cannot be meant; nothing was attempted. */
export class InvalidInputError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'INVALID_INPUT', options)
  }
}

/** The named thing does not exist; nothing was created in its place. */
export class NotFoundError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'NOT_FOUND', options)
  }
}

/** The name is taken or the thing belongs to somebody else; what exists was left as it is. */
export class ConflictError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'CONFLICT', options)
  }
}

/** Wrong credentials, or a right that is missing; nothing was changed. */
export class DeniedError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'DENIED', options)
  }
}

/** Bytes that should mean something do not: a damaged store, a malformed archive, a failed verification. */
export class IntegrityError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'INTEGRITY', options)
  }
}

/** Somebody else holds it just now; the same call may succeed later. */
export class BusyError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'BUSY', options)
  }
}

/** Something that is needed cannot be reached or is used up (a disk, a node, a terminal). */
export class UnavailableError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'UNAVAILABLE', options)
  }
}

/** A deed has begun and is neither done nor undone; the hint says what it waits for. */
export class PendingError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'PENDING', options)
  }
}

/** A deed failed and was undone; the message says which state holds again. */
export class RolledBackError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'ROLLED_BACK', options)
  }
}

/** Some of many failed; the others are done and stay done. The report names each. */
export class PartialFailureError extends MantissaError {
  constructor(message: string, options?: ErrorOptions) {
    super(message, 'PARTIAL', options)
  }
}

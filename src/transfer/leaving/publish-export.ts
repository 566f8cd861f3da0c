import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fsyncPath } from '../../base/atomic-file.js'
import { ConflictError } from '../../base/errors.js'
import type { JsonValue } from '../../base/json.js'
import type { TransferRow } from '../../site/transfer-row.js'

/**
 * An export that is complete under a name of its own and waits for the decision. Only when the user leaves does it get
 * the name that was asked for: a file that carries a user's identity must not lie about while the user has stayed.
 */
export interface Delivery {
  /** Holds the transfer's id, so it is nobody else's. */
  readonly partial: string
  readonly path: string
}

/** @throws ConflictError (`PATH_TAKEN`) */
export function assertAbsent(path: string): void {
  if (!existsSync(path)) return
  throw new ConflictError(`${path} exists already`, {
    code: 'PATH_TAKEN',
    hint: 'name another one, or move that away first',
    details: { path },
  })
}

/** Gives the export its name; done already when it has it. On failure it has the other one still, or again. */
export function publish({ partial, path }: Delivery): void {
  if (!existsSync(partial)) return
  assertAbsent(path)
  renameSync(partial, path)
  try {
    fsyncPath(dirname(path))
  } catch (error) {
    renameSync(path, partial)
    throw error
  }
}

/** The delivery that a transfer's row speaks of; undefined where it went to a stream, or to a site. */
export function deliveryOf(row: TransferRow): Delivery | undefined {
  const { partial, path } = (row.plan['delivery'] ?? {}) as Readonly<Record<string, JsonValue>>
  return typeof partial === 'string' && typeof path === 'string' ? { partial, path } : undefined
}

/** Takes back what was written for a user who stays. */
export function withdraw({ partial }: Delivery): void {
  rmSync(partial, { recursive: true, force: true })
}

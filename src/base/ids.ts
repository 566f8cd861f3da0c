import { randomUUID } from 'node:crypto'
import { monotonicFactory } from 'ulid'

const nextUlid = monotonicFactory()

/** 26 characters, sortable by the time of their making; later calls of one process always sort later. */
export function newUlid(): string {
  return nextUlid()
}

/** A random (version 4) UUID in lower case. */
export function newUuid(): string {
  return randomUUID()
}

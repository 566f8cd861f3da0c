import type { BaseArchive } from './base-archive.js'

/** One hostile archive. */
export interface HostileCase {
  readonly make: (base: BaseArchive) => Buffer | Promise<Buffer>
  /** The code of its refusal; `imported` where what was changed means nothing. */
  readonly code: string
}

/** By what it is called. */
export type HostileCases = Readonly<Record<string, HostileCase>>

export function refused(code: string, cases: Readonly<Record<string, HostileCase['make']>>): HostileCases {
  return Object.fromEntries(Object.entries(cases).map(([name, make]) => [name, { make, code }]))
}

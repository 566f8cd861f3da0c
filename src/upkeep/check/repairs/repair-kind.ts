import type { Site } from '../../../site/site.js'
import type { Finding } from '../finding.js'

/** `done`: it is right now, by this repair. `gone`: there was nothing left to do. */
export type RepairResult = 'done' | 'gone'

/** @param directory - of the store that the finding is about. */
export type Repair = (site: Site, finding: Finding, directory: string) => RepairResult

export interface StartOptions {
  readonly detach?: boolean
  /** Milliseconds; with `detach`. */
  readonly timeout?: number
  readonly logFile?: string
  readonly logLevel?: string
  readonly pidFile?: string
  readonly admin?: string
  readonly keepOpen?: number
  readonly strict?: boolean
}

/** What to start, with nothing left to be decided. */
export interface NodePlan extends Omit<StartOptions, 'pidFile' | 'logFile'> {
  /** The directory. */
  readonly site: string
  readonly pidFile: string
  /** Null: none. */
  readonly logFile: string | null
}

import { TooManyAttemptsError } from '../../accounts/attempts/login-attempts.js'
import { LoginQueueFullError, UnauthorizedLoginError } from '../../accounts/errors.js'

/** Why somebody was not let in, as they are told. */
export interface LoginRefusal {
  readonly status: number
  /** For measures. */
  readonly outcome: 'failed' | 'limited' | 'queue_full'
  readonly sentence: string
  /** After which it may be tried again. */
  readonly seconds?: number
}

/** @throws `error` itself where it says something else than that somebody was not let in. */
export function refusalOf(error: unknown): LoginRefusal {
  if (error instanceof UnauthorizedLoginError)
    return { status: 403, outcome: 'failed', sentence: 'Wrong address or password.' }
  if (error instanceof TooManyAttemptsError) {
    const { seconds } = error
    const wait = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
    return { status: 429, outcome: 'limited', sentence: `That was too often. Try again in ${wait}.`, seconds }
  }
  if (!(error instanceof LoginQueueFullError)) throw error
  const sentence = 'Too many people are logging in just now. Try again in a few seconds.'
  return { status: 503, outcome: 'queue_full', sentence, seconds: 10 }
}

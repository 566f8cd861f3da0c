/**
 * How a node is spoken to. One connection to its socket is one question: the node greets with a line, is asked with a
 * line, and answers with a line, each one JSON object.
 *
 * Who may open the socket may ask: it lies in a directory that only the site's owner may enter. The greeting names the
 * site by the file of its database, since a copy of a site has a copy of whatever led to the socket; who is greeted by
 * another site's node asks nothing. And a node that hangs does not greet, so it is found out quickly.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject, JsonValue } from '../../base/json.js'

/** `retry` is a reconciliation that tries at once what has failed. */
export type ControlQuestion = 'state' | 'reconcile' | 'stop' | 'reload'

export interface Greeting extends JsonObject {
  readonly mantissa: string
  /** See {@link siteMark}. */
  readonly site: string
  readonly pid: number
}

export type ControlAnswer =
  | { readonly answer: JsonValue }
  | { readonly error: { readonly code: string; readonly message: string } }

/** Bytes; more than that is no question. */
export const LONGEST_QUESTION = 1000
/** Bytes; a node with a thousand services says less. */
export const LONGEST_ANSWER = 8_000_000

/** Which site a directory holds: it stays when the directory is renamed, and a copy has another. */
export function siteMark(siteDirectory: string): string {
  const { dev, ino } = statSync(join(siteDirectory, 'db.sqlite'), { bigint: true })
  return `${dev}:${ino}`
}

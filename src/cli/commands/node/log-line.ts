import type { JsonObject, JsonValue } from '../../../base/json.js'
import { stringifyJson } from '../../../base/json.js'
import type { View } from '../../view.js'

/** A line of a node's log. */
export interface LogLine {
  /** RFC 3339; empty where the line is none of ours. */
  readonly time: string
  readonly level: string
  readonly msg: string
  readonly service: string | null
  /** Whatever else it says. */
  readonly facts: JsonObject
}

export const logView: View<LogLine> = {
  time: { title: 'time', value: ({ time }) => time, isWhole: true },
  level: { title: 'level', value: ({ level }) => level },
  msg: { title: 'message', value: ({ msg }) => msg },
  service: { title: 'service', value: ({ service }) => service },
  facts: { title: 'facts', value: ({ facts }) => facts, text: ({ facts }) => factsInWords(facts) },
}

/** A line that is no JSON object is a message. */
export function parseLogLine(line: string): LogLine {
  const { time, level, msg, service, ...facts } = objectIn(line) ?? { msg: line }
  return {
    time: textOf(time),
    level: textOf(level),
    msg: textOf(msg),
    service: service === undefined ? null : textOf(service),
    facts,
  }
}

/** For a person: `09:30:00 info  a service runs (port 5) address=127.0.0.1:8080`; control characters are not escaped. */
export function logLineInWords({ time, level, msg, service, facts }: LogLine): string {
  const who = service === null ? '' : ` (${service})`
  const rest = factsInWords(facts)
  return `${time.slice(11, 19)} ${level.padEnd(5)} ${msg}${who}${rest === '' ? '' : ` ${rest}`}`
}

function factsInWords(facts: JsonObject): string {
  const { err, ...others } = facts
  const words = Object.entries(others).map(([name, value]) => `${name}=${textOf(value)}`)
  return [...(err === undefined ? [] : [errorInWords(err)]), ...words].join(' ')
}

function errorInWords(err: JsonValue): string {
  const { message, code } = (typeof err === 'object' && err !== null ? err : {}) as JsonObject
  return code === undefined ? textOf(message) : `${textOf(message)} [${textOf(code)}]`
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : stringifyJson(value)
}

function objectIn(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}

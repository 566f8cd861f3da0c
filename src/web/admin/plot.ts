import { type Html, html } from '../../base/html.js'

export interface PlotLine {
  readonly name: string
  /** Oldest first; null where there is no value, which leaves a gap. */
  readonly values: readonly (number | null)[]
}

export interface Plot {
  readonly title: string
  /** Of the values, as it is written behind a number: `ms`, `a second`. */
  readonly unit: string
  /** One or two: they are told apart by colour and by dashes. */
  readonly lines: readonly PlotLine[]
  /** How long ago the first value was, in words. */
  readonly since: string
}

const [WIDTH, HEIGHT, LEFT, TOP] = [320, 130, 44, 8]
const BOTTOM = HEIGHT - 20
/** A point at the edge would be seen by half only. */
const RIGHT = WIDTH - 3
/** Colours of the page, so that dark mode has its own. */
const STYLES = [
  { stroke: 'var(--accent)', dashes: 'none' },
  { stroke: 'var(--bad)', dashes: '4 3' },
] as const

/**
 * Lines over time, as a picture inside the page. The caption says in words what it shows, for those who do not see it, and
 * holds the newest and the highest values.
 */
export function plotOf(plot: Plot): Html {
  const highest = Math.max(0, ...plot.lines.flatMap(({ values }) => values.map(value => value ?? 0)))
  const top = niceTop(highest)
  return html`<figure class="card">
<figcaption><strong>${plot.title}</strong><br>${plot.lines.map((line, index) => html`${legend(line, plot, index)}<br>`)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="100%" role="img" aria-label="${wordsFor(plot)}">
<g stroke="var(--line)" stroke-width="1"><path d="M${LEFT} ${TOP}H${WIDTH}M${LEFT} ${middle()}H${WIDTH}M${LEFT} ${BOTTOM}H${WIDTH}" fill="none"/></g>
<g fill="var(--quiet)" font-size="11" text-anchor="end"><text x="${LEFT - 6}" y="${TOP + 8}">${shortNumber(top)}</text><text x="${LEFT - 6}" y="${middle() + 4}">${shortNumber(top / 2)}</text><text x="${LEFT - 6}" y="${BOTTOM}">0</text></g>
<g fill="var(--quiet)" font-size="11"><text x="${LEFT}" y="${HEIGHT - 5}">${plot.since}</text><text x="${WIDTH}" y="${HEIGHT - 5}" text-anchor="end">now</text></g>
${plot.lines.map((line, index) => lineOf(line, top, index))}
</svg>
</figure>`
}

/** A bar as long as a part (0 to 1) of the longest; the number stands beside it. */
export function barOf(part: number): Html {
  const length = (Math.min(1, Math.max(0, part)) * 100).toFixed(1)
  return html`<svg viewBox="0 0 100 8" width="100" height="8" aria-hidden="true"><rect width="${length}" height="8" rx="2" fill="var(--accent)"/></svg>`
}

/** A number as people write it: three digits that count, thousands as k. */
export function shortNumber(value: number): string {
  if (value >= 1_000_000) return `${trimmed(value / 1_000_000)}M`
  return value >= 10_000 ? `${trimmed(value / 1000)}k` : trimmed(value)
}

function trimmed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

function middle(): number {
  return (TOP + BOTTOM) / 2
}

/** The next of 1, 2, 5, 10, … at or above the highest value. */
function niceTop(highest: number): number {
  if (highest <= 0 || !Number.isFinite(highest)) return 1
  const magnitude = 10 ** Math.floor(Math.log10(highest))
  return ([1, 2, 5].find(step => step * magnitude >= highest) ?? 10) * magnitude
}

function lineOf({ values }: PlotLine, top: number, index: number): Html {
  const { stroke, dashes } = STYLES[index % STYLES.length] ?? STYLES[0]
  const step = (RIGHT - LEFT) / Math.max(1, values.length - 1)
  let isDrawing = false
  const path = values.map((value, place) => {
    if (value === null) {
      isDrawing = false
      return ''
    }
    const point = `${isDrawing ? 'L' : 'M'}${(LEFT + place * step).toFixed(1)} ${heightOf(value, top).toFixed(1)}`
    // A point between two gaps would not be seen.
    const dot = isDrawing ? '' : 'h0.01'
    isDrawing = true
    return point + dot
  })
  return html`<path d="${path.join('')}" fill="none" stroke="${stroke}" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round" stroke-dasharray="${dashes}"/>`
}

function heightOf(value: number, top: number): number {
  return BOTTOM - (Math.min(value, top) / top) * (BOTTOM - TOP)
}

function legend(line: PlotLine, { unit }: Plot, index: number): Html {
  const { stroke, dashes } = STYLES[index % STYLES.length] ?? STYLES[0]
  return html`<svg width="24" height="10" viewBox="0 0 24 10" aria-hidden="true"><path d="M0 5H24" stroke="${stroke}" stroke-width="2" stroke-dasharray="${dashes}"/></svg> ${line.name}: ${lastOf(line, unit)} `
}

function wordsFor({ title, unit, lines, since }: Plot): string {
  const each = lines.map(line => `${line.name} ${lastOf(line, unit)}`)
  return `${title}, from ${since} to now: ${each.join('; ')}`
}

function lastOf({ values }: PlotLine, unit: string): string {
  const known = values.filter(value => value !== null)
  const last = values.at(-1) ?? null
  if (known.length === 0) return 'nothing yet'
  const now = last === null ? 'nothing' : `${shortNumber(last)} ${unit}`
  return `${now} now, ${shortNumber(Math.max(...known))} ${unit} at most`
}

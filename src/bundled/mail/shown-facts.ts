import { type Html, html, type Timestamp } from '../../index.js'

/** A moment as people read it, to the minute; programs find all of it in the attribute. */
export function moment(when: Timestamp): Html {
  const iso = when.toIso()
  return html`<time datetime="${iso}">${iso.replace('T', ' ').replace(/:\d\d\.\d+Z$/, '')} UTC</time>`
}

/** To three digits: `812 bytes`, `4.7 KiB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  const kibibytes = bytes / 1024
  return kibibytes < 1024 ? `${kibibytes.toPrecision(3)} KiB` : `${(kibibytes / 1024).toPrecision(3)} MiB`
}

/** What stands for an empty text, since one can neither see it nor follow it. */
export function wordsOf(text: string, otherwise = 'Without a subject'): string {
  return text.trim() === '' ? otherwise : text
}

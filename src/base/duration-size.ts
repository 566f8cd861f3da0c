import { InvalidInputError } from './errors.js'

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const BYTES: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kib: 1024,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  t: 1024 ** 4,
  tib: 1024 ** 4,
  kb: 1000,
  mb: 1000 ** 2,
  gb: 1000 ** 3,
  tb: 1000 ** 4,
}

const SIZE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Reads `7d`, `90s`, `1h30m`, `250ms` (units ms, s, m, h, d, w) and returns milliseconds. */
export function parseDuration(text: string): number {
  const typed = text.trim().toLowerCase()
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(typed)) throw unreadable(text, 'a duration', '30s, 15m, 12h or 7d')
  const parts = typed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)
  return Math.round(
    [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (MILLISECONDS[unit ?? ''] ?? 0), 0),
  )
}

/** Reads `4096`, `10MiB`, `1.5g`, `2MB` (K, M, G, T and KiB… are powers of 1024, KB… of 1000) and returns bytes. */
export function parseSize(text: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  const factor = BYTES[unit.toLowerCase()]
  if (count === undefined || factor === undefined) throw unreadable(text, 'a size', '4096, 500KiB, 10MiB or 2GiB')
  return Math.round(Number(count) * factor)
}

/** `812 B`, `1.5 MiB`: one decimal, powers of 1024. */
export function formatSize(bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(SIZE_UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)))
  return step === 0 ? `${bytes} B` : `${(bytes / 1024 ** step).toFixed(1)} ${SIZE_UNITS[step]}`
}

/** `250 ms`, `4.2 s`, `3m 20s`, `2h 5m`, `3d 4h`: two units at most. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.floor(milliseconds / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`
  return `${Math.floor(seconds / 86_400)}d ${Math.floor((seconds % 86_400) / 3600)}h`
}

function unreadable(text: string, kind: string, samples: string): InvalidInputError {
  return new InvalidInputError(`${JSON.stringify(text)} is not ${kind}`, {
    hint: `write it like ${samples}`,
    details: { value: text },
  })
}

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

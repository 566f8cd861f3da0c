/** What stands for an empty text, since one can neither see it nor follow it. */
export function wordsOf(text: string, otherwise = 'Without a subject'): string {
  return text.trim() === '' ? otherwise : text
}

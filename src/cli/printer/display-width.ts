/** Character cells on a terminal: East Asian wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += cellsOf(character)
  return width
}

/** Breaks a text into lines of at most `width` cells: at spaces, or within a word that is longer than a line. */
export function wrapCell(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap(each => breakWord(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (displayWidth(longer) <= width) line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line].join('\n')
}

function breakWord(word: string, width: number): string[] {
  const pieces = ['']
  for (const character of word) {
    const last = pieces[pieces.length - 1] ?? ''
    if (displayWidth(last) + cellsOf(character) > width) pieces.push(character)
    else pieces[pieces.length - 1] = last + character
  }
  return pieces
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

function cellsOf(character: string): number {
  if (character >= ' ' && character <= '~') return 1
  if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

/**
 * What the writers of the matrix put into a user's store, agreed between them and the checker: rows of a plain table,
 * numbered files, and one file per writer that is written anew again and again. A file says who wrote it, on every line,
 * so that a half of one shows.
 */

/** Rows `(writer, number)`, without a key: a row that came twice is there twice. */
export const NOTE_TABLE = 'mantissa_note'

const LINES = 300

/** Where the file of that number is, below the store's `files/`. */
export function notePath(writer, number) {
  return ['notes', `${writer}-${number}`]
}

/** Where the file is that the writer writes anew. */
export function lastPath(writer) {
  return ['last', writer]
}

export function noteText(writer, number) {
  return `${writer} ${number}\n`.repeat(LINES)
}

/** The number of a whole file of that writer; undefined for anything else. */
export function numberOf(writer, text) {
  const number = Number(text.slice(writer.length + 1, text.indexOf('\n')))
  return text === noteText(writer, number) ? number : undefined
}

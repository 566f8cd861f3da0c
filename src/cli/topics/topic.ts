/** A page of `mantissa help <topic>`. */
export interface Topic {
  readonly name: string
  readonly summary: string
  /** Plain text; paragraphs are folded to the width of the terminal, indented lines stay as they are. */
  readonly text: string
}

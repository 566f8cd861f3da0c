/**
 * SQL that a person has typed, parted into statements: SQLite compiles one at a time and says nothing about the others.
 * Only as much of the language is known here as is needed to find where a statement ends, which words it begins with and
 * which parameters it names; whether it means anything is for SQLite to say.
 */

export interface TypedStatement {
  /** Without the semicolon that ends it. */
  readonly text: string
  /** What it begins with, words in capitals, without space and comments: enough to know what it does. */
  readonly beginning: readonly string[]
  /** The names behind `:`, `@` or `$`. */
  readonly parameters: ReadonlySet<string>
  /** Whether it has `?` in it, a parameter without a name. */
  readonly hasNamelessParameter: boolean
}

/** A quote that is doubled to stand for itself makes two tokens of one text, which parts nothing wrongly. */
const TOKEN =
  /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'[^']*(?:'|$)|"[^"]*(?:"|$)|`[^`]*(?:`|$)|\[[^\]]*(?:\]|$)|[:@$][\w$]+|\?\d*|[\w$\u0080-\uffff]+|[\s\S]/g
const SPACE_OR_COMMENT = /^(?:\s|--|\/\*)/
/** Longer than the longest beginning that anybody looks at: EXPLAIN QUERY PLAN CREATE TEMPORARY TRIGGER. */
const LOOKED_AT = 8

/** The statements of a text in their order; empty ones are left out. */
export function parseSqlScript(text: string): readonly TypedStatement[] {
  const statements: TypedStatement[] = []
  let current = new StatementReader()
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ';' && current.mayEnd) {
      statements.push(...current.finish())
      current = new StatementReader()
    } else current.add(token)
  }
  return [...statements, ...current.finish()]
}

class StatementReader {
  #text = ''
  readonly #beginning: string[] = []
  readonly #parameters = new Set<string>()
  #hasNamelessParameter = false
  #last = ''
  #beforeLast = ''

  /** The statements inside of a trigger end with semicolons too; its own end comes after `; END`. */
  get mayEnd(): boolean {
    return !isTrigger(this.#beginning) || (this.#beforeLast === ';' && this.#last === 'END')
  }

  add(token: string): void {
    this.#text += token
    if (SPACE_OR_COMMENT.test(token)) return
    const word = token.toUpperCase()
    this.#beforeLast = this.#last
    this.#last = word
    if (this.#beginning.length < LOOKED_AT) this.#beginning.push(word)
    if (/^[:@$]./.test(token)) this.#parameters.add(token.slice(1))
    else if (token.startsWith('?')) this.#hasNamelessParameter = true
  }

  finish(): readonly TypedStatement[] {
    if (this.#last === '') return []
    return [
      {
        text: this.#text.trim(),
        beginning: this.#beginning,
        parameters: this.#parameters,
        hasNamelessParameter: this.#hasNamelessParameter,
      },
    ]
  }
}

function isTrigger(beginning: readonly string[]): boolean {
  return /^(?:EXPLAIN (?:QUERY PLAN )?)?CREATE (?:TEMP |TEMPORARY )?TRIGGER\b/.test(beginning.join(' '))
}

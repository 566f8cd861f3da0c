/**
 * The few header fields of a message that a list shows, read without trusting any of it: in linear time, cut to some
 * hundred characters, with nothing in them that a terminal or a page would take for more than text. Encoded words are
 * those of RFC 2047. The whole message is parsed when somebody looks at it (`read-message`), not before.
 */

/** Characters before decoding. */
const LONGEST_RAW = 4000
/** Characters of what is stored. */
const LONGEST = 500

const ENCODED_WORDS = /(?:=\?[^?\s]{1,60}\?[bq]\?[^?\s]*\?=(?:[ \t]+(?==\?))?)+/gi
const ENCODED_WORD = /=\?([^?\s]{1,60})\?([bq])\?([^?\s]*)\?=/gi

/** The first field of that name, unfolded and decoded; empty where there is none. */
export function readField(head: Buffer, name: string): string {
  const lines = unfold(head)
  const wanted = `${name.toLowerCase()}:`
  const line = lines.find(each => each.slice(0, wanted.length).toLowerCase() === wanted) ?? ''
  return clean(decodeWords(line.slice(wanted.length, wanted.length + LONGEST_RAW)))
}

/** UTF-8 where it is, else bytes as characters. */
function unfold(head: Buffer): readonly string[] {
  let decoded: string
  try {
    decoded = new TextDecoder('utf-8', { fatal: true }).decode(head)
  } catch {
    decoded = head.toString('latin1')
  }
  return decoded.replace(/\r\n(?=[ \t])/g, '').split('\r\n')
}

/** Neighbours in one character set are joined before they are decoded: some programs cut characters in two. */
function decodeWords(text: string): string {
  return text.replace(ENCODED_WORDS, run => {
    const words = [...run.matchAll(ENCODED_WORD)].map(([, charset = '', encoding = '', content = '']) => ({
      charset: charset.replace(/\*.*$/, '').toLowerCase(),
      bytes: encoding.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : decodeQ(content),
    }))
    let decoded = ''
    for (let index = 0; index < words.length; ) {
      const { charset = 'utf-8' } = words[index] ?? {}
      const end = words.findIndex((word, place) => place > index && word.charset !== charset)
      const same = words.slice(index, end < 0 ? words.length : end)
      decoded += decodeBytes(Buffer.concat(same.map(({ bytes }) => bytes)), charset)
      index += same.length
    }
    return decoded
  })
}

function decodeQ(content: string): Buffer {
  const bytes = content
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  return Buffer.from(bytes, 'latin1')
}

function decodeBytes(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

/** One line of text: no control characters, nothing that turns the direction of writing round, no half characters. */
function clean(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu, ' ').toWellFormed()
  return plain.trim().slice(0, LONGEST).toWellFormed()
}

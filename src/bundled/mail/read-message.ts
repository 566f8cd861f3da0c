/**
 * What a message says, for a person: its text, and what is attached to it.
 *
 * A stranger has written it, and a message is easily made to cost more than it weighs: parts within parts, headers without
 * end, markup nested a thousand deep. So only the beginning of a long one is read, and what has too many parts or cannot be
 * understood is shown as it came. HTML is never shown as HTML: it becomes text.
 */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ParsedMail } from 'mailparser'

export interface Attachment {
  readonly name: string
  readonly type: string
  readonly bytes: number
}

export interface ReadMessage {
  readonly text: string
  /** Whether `text` is the message as it came, headers and all. */
  readonly isSource: boolean
  /** Whether there is more than is shown. */
  readonly isCut: boolean
  readonly attachments: readonly Attachment[]
}

/** Bytes of a file that are looked at. */
const MOST_READ = 4_194_304
/** Characters. */
const LONGEST_TEXT = 200_000
const LONGEST_SOURCE = 50_000
const LONGEST_NAME = 200

/** No link is followed, and nobody waits for what is no file. */
const REGULAR_ONLY = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

const BOUNDS = {
  maxHeadSize: 131_072,
  maxChildNodes: 200,
  maxHtmlLengthToParse: 300_000,
  ignoreEmbedded: true,
  skipImageLinks: true,
  skipTextToHtml: true,
  keepCidLinks: true,
  checksumAlgo: false,
} as const

/** @throws ENOENT where the message was deleted meanwhile. */
export async function readMessage(file: string): Promise<ReadMessage> {
  const { bytes, isCut } = await readBeginning(file)
  try {
    const mail = await parse(bytes)
    const text = mail.text?.trim() || (await textOf(mail.html || ''))
    // Undefined where there is markup that no text could be made of.
    return text === undefined ? sourceOf(bytes, isCut) : shownOf(mail, text, isCut)
  } catch {
    // What the parser refuses is no message to it; it is one to whoever gets it.
    return sourceOf(bytes, isCut)
  }
}

async function readBeginning(file: string): Promise<{ readonly bytes: Buffer; readonly isCut: boolean }> {
  const handle = await open(file, REGULAR_ONLY)
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.alloc(Math.min(size, MOST_READ))
    let read = 0
    while (read < bytes.length) {
      const { bytesRead } = await handle.read(bytes, read)
      if (bytesRead === 0) break
      read += bytesRead
    }
    return { bytes: bytes.subarray(0, read), isCut: size > MOST_READ }
  } finally {
    await handle.close()
  }
}

async function parse(bytes: Buffer): Promise<ParsedMail> {
  const { simpleParser } = await import('mailparser')
  return simpleParser(bytes, BOUNDS)
}

/** The parser makes text of markup where that is all of a message, not where it is a part; so it is made all of one. */
async function textOf(markup: string): Promise<string | undefined> {
  if (markup === '') return ''
  const { text = '' } = await parse(Buffer.from(`Content-Type: text/html; charset=utf-8\r\n\r\n${markup}`))
  return text.trim() === '' ? undefined : text
}

function shownOf({ attachments }: ParsedMail, text: string, isCut: boolean): ReadMessage {
  const listed = attachments.map(({ filename, contentType, size }) => ({
    name: oneLine(filename ?? 'without a name'),
    type: oneLine(contentType),
    bytes: size,
  }))
  return { ...cut(text, LONGEST_TEXT, isCut), isSource: false, attachments: listed }
}

function sourceOf(bytes: Buffer, isCut: boolean): ReadMessage {
  return { ...cut(bytes.toString('utf8'), LONGEST_SOURCE, isCut), isSource: true, attachments: [] }
}

function cut(text: string, longest: number, isCut: boolean): { readonly text: string; readonly isCut: boolean } {
  const unseen = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu
  const plain = text.slice(0, longest).replace(/\r\n?/g, '\n').replace(unseen, '').toWellFormed()
  return { text: plain, isCut: isCut || text.length > longest }
}

function oneLine(text: string): string {
  return text
    .slice(0, LONGEST_NAME)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .toWellFormed()
}

import { constants } from 'node:fs'
import { copyFile, type FileHandle, open, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SMTPServerDataStream } from 'smtp-server'
import { MessageScan } from './message-scan.js'
import { SmtpRefusal } from './smtp-refusal.js'

export interface WrittenMessage {
  readonly head: Buffer
  /** SHA-256 of the bytes as they were sent. */
  readonly hash: string
  readonly size: number
}

/**
 * Writes the stream of a message to a new file and flushes it; nothing of it stays in memory. The stream is read to its
 * end in any case, since the connection goes on behind it.
 * @throws SmtpRefusal where the message cannot be accepted, and what the disk says; there is no file then.
 */
export async function writeMessage(
  stream: SMTPServerDataStream,
  file: string,
  onTooMuch: (stream: SMTPServerDataStream) => void,
): Promise<WrittenMessage> {
  const scan = new MessageScan()
  const handle = await openNew(file, stream)
  try {
    const trouble = await pour(stream, handle, { scan, onTooMuch })
    const { head, hash } = scan.finish()
    if (stream.sizeExceeded) throw new SmtpRefusal(552, 'the message is too long')
    if (trouble !== undefined) throw trouble
    if (scan.fault !== undefined) throw new SmtpRefusal(554, `the message cannot be accepted: ${scan.fault}`)
    await handle.sync()
    return { head, hash, size: scan.size }
  } catch (error) {
    await rm(file, { force: true })
    throw isHangUp(error) ? new SmtpRefusal(451, 'the connection ended before the message') : error
  } finally {
    await handle.close()
  }
}

/** What smtp-server destroys the stream with. */
function isHangUp(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ECONNECTION'
}

/** @throws SmtpRefusal where fewer bytes are free for everybody on the disk that `file` would be on. */
export async function assertSpaceFor(file: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(file))
  if (bavail * bsize < bytes) throw new SmtpRefusal(452, 'there is too little space left here, try again later')
}

/** Copies a message for another recipient, and flushes the copy. @throws what the disk says; there is no file then. */
export async function copyMessage(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    const handle = await open(to, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    await rm(to, { force: true })
    throw error
  }
}

async function openNew(file: string, stream: SMTPServerDataStream): Promise<FileHandle> {
  try {
    return await open(file, 'wx', 0o600)
  } catch (error) {
    stream.resume()
    throw error
  }
}

/** What is too long or not acceptable is read and forgotten. Gives what the disk has said against the rest. */
async function pour(
  stream: SMTPServerDataStream,
  handle: FileHandle,
  { scan, onTooMuch }: { scan: MessageScan; onTooMuch: (stream: SMTPServerDataStream) => void },
): Promise<unknown> {
  let trouble: unknown
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    onTooMuch(stream)
    if (stream.sizeExceeded || trouble !== undefined) continue
    scan.update(chunk)
    if (scan.fault !== undefined) continue
    try {
      await writeAll(handle, chunk)
    } catch (error) {
      trouble = error
    }
  }
  return trouble
}

async function writeAll(handle: FileHandle, chunk: Buffer): Promise<void> {
  for (let written = 0; written < chunk.length; ) written += (await handle.write(chunk, written)).bytesWritten
}

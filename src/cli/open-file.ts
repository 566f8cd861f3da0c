import { createReadStream, openSync } from 'node:fs'
import type { Readable } from 'node:stream'

/** Opens a file, or a pipe such as `<(gpg -d …)`, for reading. A refusal is thrown at once, not emitted later. */
export function openFile(path: string): Readable {
  return createReadStream('', { fd: openSync(path, 'r') })
}

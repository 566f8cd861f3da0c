import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BUSY_TIMEOUT, copyPageByPage, isLargeDatabase, syncImage, translateImageError } from './backup-image.js'
import { BLOCK, type ChangedBlocks, ImageDiffersError } from './block-hashes.js'
import { inImageThread } from './image-threads.js'
import type { ImageOrder } from './image-work.js'
import { amendAtRest } from './quiet-copy.js'

/**
 * Makes an older image of a store's database equal to it as it is now, as of one moment, by writing only what differs;
 * the image is on the disk afterwards. A small database is compared through memory, a large one whose log is empty
 * (`Store.emptyLog`) as a file, by a process of its own; otherwise a second image is taken beside the first and removed
 * again.
 *
 * On failure the image is of no moment at all, and can be amended again.
 *
 * @throws StoreBusyError, DamagedStoreError, StoreUnreadableError, DiskFullError, ImageDiffersError.
 */
export async function amendImage(
  storeDirectory: string,
  image: string,
  options: { readonly busyTimeout?: number } = {},
): Promise<ChangedBlocks> {
  const order = { from: join(storeDirectory, 'db.sqlite'), to: image, timeout: options.busyTimeout ?? BUSY_TIMEOUT }
  try {
    const amended = isLargeDatabase(order.from)
      ? await amendAtRest(order.from, image)
      : await inImageThread('amendSmall', order)
    if (amended === 'half') return await amendUnknown(order)
    return amended ?? (await amendBySecondImage(order))
  } catch (error) {
    throw translateImageError(error, order)
  }
}

/** What was written before looks as if it had always been there: it is flushed, and all blocks count as changed. */
async function amendUnknown(order: ImageOrder): Promise<ChangedBlocks> {
  const { bytes } = await amendBySecondImage(order)
  await syncImage(order.to)
  return { bytes, blocks: Array.from({ length: Math.ceil(bytes / BLOCK) }, (_, block) => block) }
}

async function amendBySecondImage(order: ImageOrder): Promise<ChangedBlocks> {
  const second = `${order.to}-second`
  rmSync(second, { force: true })
  try {
    const { bytes } = await copyPageByPage({ ...order, to: second })
    if (statSync(second).size !== bytes) throw new ImageDiffersError(second)
    return await inImageThread('amendFile', second, order.to)
  } finally {
    rmSync(second, { force: true })
  }
}

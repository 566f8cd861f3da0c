import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { translateFileError } from '../database/sqlite-errors.js'
import { copyPageByPage, isLargeDatabase } from './backup-image.js'
import { type ChangedBlocks, ImageDiffersError } from './block-hashes.js'
import { inImageThread } from './image-threads.js'
import { amendAtRest } from './quiet-copy.js'

/**
 * Makes an older image of a store's database equal to it as it is now, as of one moment, by writing only what differs;
 * the image is on the disk afterwards. Where the database is large and its log empty (`Store.emptyLog`), it is compared
 * as a file by a process of its own; otherwise a second image is taken beside the first and removed again.
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
  const from = join(storeDirectory, 'db.sqlite')
  const amended = isLargeDatabase(from) ? await amendAtRest(from, image) : undefined
  return amended ?? (await amendBySecondImage(from, image, options.busyTimeout))
}

async function amendBySecondImage(
  from: string,
  image: string,
  busyTimeout: number | undefined,
): Promise<ChangedBlocks> {
  const second = `${image}-second`
  rmSync(second, { force: true })
  try {
    const { bytes } = await copyPageByPage(from, second, busyTimeout)
    if (statSync(second).size !== bytes) throw new ImageDiffersError(second)
    return await inImageThread('amendFile', second, image)
  } catch (error) {
    throw translateFileError(error, image)
  } finally {
    rmSync(second, { force: true })
  }
}

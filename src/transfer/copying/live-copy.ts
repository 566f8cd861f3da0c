/**
 * A copy of a user's store that is made while the user works, and made good once the store is sealed: an image of the
 * database (`live-image`) and the files (`live-files`).
 *
 * Everything that takes long is done before the seal: the first image with its check, its hashes and its way to the
 * disk, and the files. After the seal the image is amended where anybody has committed since, files that have changed
 * are copied again, and rows are counted.
 */
import { join } from 'node:path'
import type { Store } from '../../store-engine/store.js'
import type { Manifest } from '../archive/manifest.js'
import { StoreInUseError } from '../transfer-errors.js'
import { LiveFiles } from './live-files.js'
import { LiveImage } from './live-image.js'
import { openCarried } from './open-carried.js'

export interface LiveCopyOptions {
  /** How messages call the user. */
  readonly named: string
  /** Whether the original must not be written at all; then it cannot be sealed. */
  readonly readonly?: boolean | undefined
  readonly verify?: 'quick' | 'full' | undefined
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** What a manifest says about the bytes; the hash of the database is the root over those of its blocks. */
export type Contents = Pick<Manifest, 'database' | 'directories' | 'files' | 'itemTypes' | 'nextEvent'>

export class LiveCopy implements Disposable {
  /** A connection to the original; only the fence may be written through it until this is disposed. */
  readonly original: Store
  readonly #from: string
  readonly #named: string
  readonly #image: LiveImage
  readonly #files: LiveFiles

  /** @param staging - an existing directory, on the disk of the target. */
  constructor(from: string, staging: string, options: LiveCopyOptions) {
    this.#from = from
    this.#named = options.named
    this.original = openCarried(from, { readonly: options.readonly ?? false })
    this.#image = new LiveImage(this.original, staging, options)
    this.#files = new LiveFiles(join(from, 'files'), join(staging, 'files'), options)
  }

  /** How often the database was read; more than once where somebody wrote meanwhile. */
  get images(): number {
    return this.#image.taken
  }

  /** Copies everything while the user works, and checks the copy of the database. */
  async copy(): Promise<void> {
    await bothOf(this.#image.take(), this.#files.follow())
  }

  /**
   * Follows a store that is not sealed until nobody has written it for the time of a round, and checks the image again.
   *
   * @returns false when its users wrote in every round: image and files are then of slightly different moments.
   */
  async chase(rounds = 5): Promise<boolean> {
    let isFollowed = await this.isUntouched()
    if (isFollowed) return true
    for (let round = 0; round < rounds && !isFollowed; round++) {
      await this.#catchUp()
      isFollowed = await this.isUntouched()
    }
    await this.#image.check()
    return isFollowed
  }

  /** To be called when the store is sealed: copies again whatever has changed since {@link copy}. */
  async settle(): Promise<void> {
    await this.#catchUp()
    this.#image.compareRows()
  }

  /**
   * Holds the sealed original against what was copied once more; cheap.
   *
   * @throws StoreInUseError when somebody has written it although it is sealed.
   */
  async assertUntouched(): Promise<void> {
    if (await this.isUntouched()) return
    throw new StoreInUseError(`somebody has written the store of ${this.#named} although it is sealed`, {
      directory: this.#from,
    })
  }

  /** Whether nobody has written the original since it was copied last. */
  async isUntouched(): Promise<boolean> {
    return (await this.#files.isUntouched()) && !this.#image.isOutdated
  }

  contents(): Contents {
    const { directories, files } = this.#files
    return { ...this.#image.facts, directories, files }
  }

  [Symbol.dispose](): void {
    this.original.close()
  }

  async #catchUp(): Promise<void> {
    await bothOf(this.#image.isOutdated ? this.#image.amend() : undefined, this.#files.follow())
  }
}

/** Both must have ended before anybody removes the staging directory. */
async function bothOf(image: Promise<void> | undefined, files: Promise<void>): Promise<void> {
  for (const part of await Promise.allSettled([image, files])) if (part.status === 'rejected') throw part.reason
}

import { execFileSync } from 'node:child_process'
import { statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryDirectory } from '../support/temporary-directory.js'

export interface SmallDisk {
  readonly directory: string
  makeReadOnly(): void
  /** Leaves at most `bytes` free. */
  fill(bytes: number): void
}

/** A file system of its own; undefined where mounting one is not permitted (it takes root). */
export function mountSmallDisk(kibibytes: number): SmallDisk | undefined {
  const directory = temporaryDirectory()
  if (!run('mount', '-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', directory)) return undefined
  onTestFinished(() => void run('umount', '-l', directory))
  return {
    directory,
    makeReadOnly: () => void run('mount', '-o', 'remount,ro', directory),
    fill: bytes => {
      const { bavail, bsize } = statfsSync(directory)
      writeFileSync(join(directory, 'ballast'), Buffer.alloc(Math.max(0, bavail * bsize - bytes)))
    },
  }
}

function run(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

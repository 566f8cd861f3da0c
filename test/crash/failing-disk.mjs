/** The library `fail-at.c`, through which a process meets a failing disk or dies at a call. Plain Node. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = join(dirname(fileURLToPath(import.meta.url)), 'fail-at.c')

/** Whether there is a compiler, and the C library that `fail-at.c` is written for. */
export function canFail() {
  const input = '#include <gnu/libc-version.h>\n'
  return process.platform === 'linux' && spawnSync('cc', ['-fsyntax-only', '-xc', '-'], { input }).status === 0
}

/** Compiles it into the directory. Returns its path, for LD_PRELOAD. */
export function compileFailingDisk(directory) {
  const library = join(directory, 'fail-at.so')
  const words = ['-O1', '-Wall', '-Werror', '-shared', '-fPIC', '-o', library, source, '-ldl']
  const { status, stderr } = spawnSync('cc', words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`cc ended with ${status}: ${stderr}`)
  return library
}

import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes at once, but on a loaded machine.
    expect: { poll: { timeout: 10_000 } },
    // Many tests wait for a process or a disk; one worker more than processors uses the time.
    maxWorkers: availableParallelism() + 1,
  },
})

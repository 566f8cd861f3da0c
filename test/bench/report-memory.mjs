/** Loaded into a measured program: leaves its peak resident memory, in KiB, in the file it was told. */
import { writeFileSync } from 'node:fs'

process.on('exit', () => writeFileSync(process.env.MANTISSA_BENCH_MEMORY_FILE, String(process.resourceUsage().maxRSS)))

/** Loaded into a measured program: leaves its peak resident memory, in KiB, in the file it was told. */
import { readFileSync, writeFileSync } from 'node:fs'

process.on('exit', () => writeFileSync(process.env.MANTISSA_BENCH_MEMORY_FILE, String(peak())))

/** What the system counts for a process begins with the memory of whoever started it; Linux also tells its own. */
function peak() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1])
  } catch {
    return process.resourceUsage().maxRSS
  }
}

/**
 * Facts about the running process that no person and no configuration decides. Everything else that `process` offers
 * (arguments, environment, streams) is read in `system-env.ts` and handed in.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'

/** This process's id, as other processes see it. */
export function ownPid(): number {
  return process.pid
}

/** The Node that runs this program, for programs that it starts. */
export function nodeProgram(): string {
  return process.execPath
}

/** Whether a process of that id lives, also when it belongs to somebody else. A recycled id counts as alive. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Milliseconds on a clock that nobody can set; only differences on one boot of one machine mean anything. */
export function monotonicMilliseconds(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}

let bootIdRead: string | undefined

/** Which boot of which machine this is; empty where the system does not tell. */
export function bootId(): string {
  if (bootIdRead === undefined) {
    try {
      bootIdRead = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    } catch {
      bootIdRead = ''
    }
  }
  return bootIdRead
}

/** Whether this process may give files away. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Whose rights this process has; 0 where the system has no such thing. */
export function ownUid(): number {
  return process.geteuid?.() ?? 0
}

/** Bytes of memory that this process holds. */
export function residentMemory(): number {
  return process.memoryUsage.rss()
}

/** How many threads find a processor of their own. */
export function processors(): number {
  return availableParallelism()
}

/** Calls `deed`; what it makes in the meantime, sockets included, is for nobody but this process's owner. */
export function privately<T>(deed: () => T): T {
  const before = process.umask(0o177)
  try {
    return deed()
  } finally {
    process.umask(before)
  }
}

/** Where the system has everybody put what need not last. */
export function systemTemporaryDirectory(): string {
  return tmpdir()
}

/** Sends a signal; false where there is no such process. @throws what the system says of one that is somebody else's. */
export function signalProcess(pid: number, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

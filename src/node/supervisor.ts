/**
 * Telling a supervisor how the node is: systemd's protocol for services of `Type=notify`.
 *
 * It is a datagram to the socket that NOTIFY_SOCKET names. Node has no such sockets, and a native package only for this
 * would have to be compiled everywhere; so systemd's own program `systemd-notify` sends it, which is there wherever systemd
 * is. It is a process of its own: the unit needs `NotifyAccess=all`. Where the program is missing that is said, once, in
 * the log, and the unit is better of `Type=exec`.
 */
import { spawn } from 'node:child_process'
import { ownPid } from '../base/this-process.js'
import type { ServiceLog } from '../offerings/services.js'

type Variables = Readonly<Record<string, string | undefined>>

export class Supervisor implements Disposable {
  readonly #variables: Variables
  readonly #log: ServiceLog
  #watchdog: NodeJS.Timeout | undefined
  #isMissing = false

  constructor(variables: Variables, log: ServiceLog) {
    this.#variables = variables
    this.#log = log
  }

  /** Everything was started; from now on it is told that the node lives, where the supervisor asks for that. */
  ready(status: string): void {
    this.#tell('READY=1', `STATUS=${status}`, `MAINPID=${ownPid()}`)
    const pause = watchdogPause(this.#variables)
    if (pause === undefined || !this.#isAsked) return
    this.#watchdog = setInterval(() => this.#tell('WATCHDOG=1'), pause)
    this.#watchdog.unref()
  }

  stopping(): void {
    this[Symbol.dispose]()
    this.#tell('STOPPING=1')
  }

  [Symbol.dispose](): void {
    clearInterval(this.#watchdog)
  }

  get #isAsked(): boolean {
    return (this.#variables['NOTIFY_SOCKET'] ?? '') !== '' && !this.#isMissing
  }

  #tell(...words: readonly string[]): void {
    if (!this.#isAsked) return
    const { PATH, NOTIFY_SOCKET } = this.#variables
    const notifier = spawn('systemd-notify', [`--pid=${ownPid()}`, ...words], {
      env: { PATH, NOTIFY_SOCKET },
      stdio: 'ignore',
    })
    notifier.unref()
    notifier.on('error', error => {
      this.#isMissing = true
      this.#log.warn(
        { reason: error.message },
        'a supervisor wants to be told, and there is no systemd-notify: use a unit of Type=exec',
      )
    })
    notifier.on('exit', code => {
      if (code !== 0) this.#log.warn({ code, told: words.join(' ') }, 'the supervisor could not be told')
    })
  }
}

/** Half of the time after which the supervisor would lose patience; undefined where it does not watch this process. */
function watchdogPause(variables: Variables): number | undefined {
  const microseconds = Number(variables['WATCHDOG_USEC'])
  const pid = variables['WATCHDOG_PID'] ?? ''
  if (!Number.isFinite(microseconds) || microseconds <= 0) return undefined
  return pid === '' || Number(pid) === ownPid() ? Math.max(100, microseconds / 2000) : undefined
}

import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'

/** A process that stops itself once, and is woken by the test. */
export class StoppedProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<string>

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#ended = new Promise((resolve, reject) => {
      let [out, err] = ['', '']
      child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
      child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
      child.once('close', code => (code === 0 ? resolve(out) : reject(new Error(`ended with ${code}: ${err}`))))
    })
    this.#ended.catch(() => {})
  }

  /** Starts the script and returns when it stands still; it is killed when the test ends. */
  static async start(script: string, words: readonly string[]): Promise<StoppedProcess> {
    const child = spawn(process.execPath, [script, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const stopped = new StoppedProcess(child)
    await stopped.#untilStopped()
    return stopped
  }

  /** Wakes it, and returns what it has printed by its end. */
  async wake<T>(): Promise<T> {
    this.#child.kill('SIGCONT')
    return JSON.parse(await this.#ended) as T
  }

  async #untilStopped(): Promise<void> {
    for (let patience = 500; patience > 0; patience -= 1) {
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${await this.#ended}`)
      const state = /\) (\w)/.exec(readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8'))?.[1]
      if (state === 'T') return
      await sleep(20)
    }
    throw new Error('it does not stand still')
  }
}

/** Runs in a worker thread: does what it is told with images, until the thread is ended. */
import { parentPort } from 'node:worker_threads'
import { IMAGE_WORK, type ImageWork } from './image-work.js'

export interface ThreadOrder {
  readonly number: number
  readonly work: keyof ImageWork
  readonly parameters: readonly unknown[]
}

export type ThreadAnswer =
  | { readonly number: number; readonly done: unknown }
  | { readonly number: number; readonly message: string; readonly facts: ErrorFacts }

/** What an error has lost when it arrives in another thread. */
export type ErrorFacts = Pick<NodeJS.ErrnoException, 'code' | 'syscall'>

parentPort?.on('message', async ({ number, work, parameters }: ThreadOrder) => {
  try {
    const perform = IMAGE_WORK[work] as (...parameters: readonly unknown[]) => unknown
    parentPort?.postMessage({ number, done: await perform(...parameters) } satisfies ThreadAnswer)
  } catch (error) {
    const { message, code, syscall } = error as NodeJS.ErrnoException
    const facts = { ...(code && { code }), ...(syscall && { syscall }) }
    parentPort?.postMessage({ number, message, facts } satisfies ThreadAnswer)
  }
})

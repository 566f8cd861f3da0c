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
export interface ErrorFacts {
  readonly code?: string
  readonly syscall?: string
  readonly path?: string
  /** Whether the original of a copy could be opened and read. */
  readonly isRead?: boolean
}

parentPort?.on('message', async ({ number, work, parameters }: ThreadOrder) => {
  try {
    const perform = IMAGE_WORK[work] as (...parameters: readonly unknown[]) => unknown
    parentPort?.postMessage({ number, done: await perform(...parameters) } satisfies ThreadAnswer)
  } catch (error) {
    const { message, ...facts } = factsOf(error as Error & ErrorFacts)
    parentPort?.postMessage({ number, message, facts } satisfies ThreadAnswer)
  }
})

function factsOf({ message, code, syscall, path, isRead }: Error & ErrorFacts) {
  return {
    message,
    ...(code !== undefined && { code }),
    ...(syscall !== undefined && { syscall }),
    ...(path !== undefined && { path }),
    ...(isRead !== undefined && { isRead }),
  }
}

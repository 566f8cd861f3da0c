import { type ErrorOptions, UnavailableError } from '../base/errors.js'

/** Resolves as `work` does. @throws UnavailableError after that many milliseconds; the work goes on. */
export async function within<T>(milliseconds: number, work: T | Promise<T>, failure: ErrorOptions): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(new UnavailableError(`it has not ended within ${milliseconds / 1000} s`, failure))
    timer = setTimeout(fail, milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

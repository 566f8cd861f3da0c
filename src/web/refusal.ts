import { MantissaError } from '../base/errors.js'

/**
 * A request that is not answered as it was meant, said in a sentence that any stranger may read. What else goes wrong is
 * told to visitors by its status only: messages of other errors name directories and accounts.
 */
export class WebRefusal extends MantissaError {
  readonly status: number

  /** @param message - plain text, without a secret and without anything that depends on what the viewer may not see. */
  constructor(status: number, message: string) {
    super(message, 'WEB_REFUSED')
    this.status = status
  }
}

/** What is not there, and what the viewer may not see, are answered by one and the same page. */
export function notFound(): WebRefusal {
  return new WebRefusal(404, 'There is nothing here.')
}

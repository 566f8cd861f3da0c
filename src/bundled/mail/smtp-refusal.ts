/** An answer to the other server in place of what it asked for: the code of RFC 5321, and a sentence. */
export class SmtpRefusal extends Error {
  /** Under this name smtp-server looks for it. */
  readonly responseCode: number

  /** @param cause - of what the administrator should know and the other server need not. */
  constructor(responseCode: number, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'SmtpRefusal'
    this.responseCode = responseCode
  }

  /** Code and sentence. */
  get answer(): string {
    return `${this.responseCode} ${this.message}`
  }
}

import { ConflictError, IntegrityError, NotFoundError } from '../../base/errors.js'

/** There is no file where a certificate or its key should be, or it may not be read. Nothing was changed. */
export class CertificateMissingError extends NotFoundError {
  constructor(path: string, why: string, cause?: unknown) {
    super(`the certificate file ${path} ${why}`, {
      code: 'CERTIFICATE_MISSING',
      hint: 'check the path and its permissions, or make one: mantissa tls renew',
      details: { path },
      ...(cause === undefined ? {} : { cause }),
    })
  }
}

/** What is in the file is no certificate, or no key, that a server could use. Nothing was changed. */
export class CertificateBadError extends IntegrityError {
  constructor(path: string, why: string, cause?: unknown) {
    super(`${path} ${why}`, {
      code: 'CERTIFICATE_BAD',
      hint: 'give PEM files, with the chain and a key without a passphrase, or make one: mantissa tls renew --force',
      details: { path },
      ...(cause === undefined ? {} : { cause }),
    })
  }
}

/** The private key is that of another certificate. Nothing was changed. */
export class KeyMismatchError extends IntegrityError {
  constructor(certificate: string, key: string) {
    super(`the private key in ${key} does not belong to the certificate in ${certificate}`, {
      code: 'KEY_MISMATCH',
      hint: 'give the key from which this certificate was ordered',
      details: { certificate, key },
    })
  }
}

/** Somebody else has issued the certificate, so that a new one from here would be a loss. Nothing was changed. */
export class IssuedElsewhereError extends ConflictError {
  constructor(path: string, issuer: string) {
    super(`the certificate in ${path} was issued by ${issuer}`, {
      code: 'CERTIFICATE_ISSUED',
      hint: 'get a new one from there and run mantissa tls use <certificate>, or give --force',
      details: { path, issuer },
    })
  }
}

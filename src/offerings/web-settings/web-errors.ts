import { ConflictError, InvalidInputError, NotFoundError } from '../../base/errors.js'

/** The store has no web server to set up. Nothing was changed. */
export class NoWebServerError extends NotFoundError {
  constructor(site: string) {
    super(`${site} has no web server: the base offering is not installed`, {
      code: 'NO_WEB_SERVER',
      hint: `mantissa create-site ${site}`,
      details: { site },
    })
  }
}

/** A prefix that no page could be reached by, or none that is one. Nothing was changed. */
export function badPrefix(prefix: string, why: string): InvalidInputError {
  return new InvalidInputError(`the prefix ${JSON.stringify(prefix)} ${why}`, {
    code: 'PREFIX_INVALID',
    hint: 'write it as people see it in the address, like pictures or docs/manual',
    details: { prefix },
  })
}

/** Something of the site itself is there. Nothing was changed. */
export function prefixTaken(prefix: string, by: string): ConflictError {
  return new ConflictError(`the prefix ${prefix} is that of ${by}`, {
    code: 'PREFIX_TAKEN',
    hint: 'choose another one',
    details: { prefix, by },
  })
}

/** Nothing of that kind has the prefix. Nothing was changed. */
export function noSuchPrefix(prefix: string, what: string): NotFoundError {
  return new NotFoundError(`no ${what} has the prefix ${prefix}`, {
    code: 'PREFIX_NOT_FOUND',
    hint: 'mantissa web shows them',
    details: { prefix },
  })
}

/** The directory is not one, or would show what is nobody's business. Nothing was changed. */
export function badStaticPath(path: string, why: string): InvalidInputError {
  return new InvalidInputError(`${path} ${why}`, {
    code: 'STATIC_PATH',
    hint: 'name a directory of its own, outside of the site',
    details: { path },
  })
}

/** The target leads nowhere, or back. Nothing was changed. */
export function badTarget(target: string, why: string): InvalidInputError {
  return new InvalidInputError(`${JSON.stringify(target)} ${why}`, {
    code: 'REDIRECT_TARGET',
    hint: 'write an address like https://example.org/ or a path of this site like /pictures',
    details: { target },
  })
}

/** The log would lie where it cannot. Nothing was changed. */
export function badLogPath(path: string, why: string): InvalidInputError {
  return new InvalidInputError(`the HTTP log ${path} ${why}`, {
    code: 'HTTP_LOG_PLACE',
    hint: 'give a path below the files directory of the site, like httpd.log, or none',
    details: { path },
  })
}

/** Nobody has such an address. Nothing was changed. */
export function badProxy(text: string): InvalidInputError {
  return new InvalidInputError(`${JSON.stringify(text)} is neither a network address nor a network`, {
    code: 'PROXY_INVALID',
    hint: 'write it like 192.0.2.7, 10.0.0.0/8 or loopback, or none',
    details: { proxy: text },
  })
}

import { ConflictError, DeniedError, IntegrityError, NotFoundError } from '../base/errors.js'
import { didYouMean, nearestNames } from '../base/nearest-names.js'

/** The offering is installed on this site; nothing was changed. */
export class OfferingAlreadyInstalledError extends ConflictError {
  constructor(offering: string) {
    super(`offering ${offering} is installed already`, {
      code: 'OFFERING_ALREADY_INSTALLED',
      hint: `see: mantissa offering show ${offering}`,
      details: { offering },
    })
  }
}

/** The offering must be installed on the site first; nothing was changed. */
export class OfferingNotInstalledError extends NotFoundError {
  constructor(offering: string) {
    super(`offering ${offering} is not installed on this site`, {
      code: 'OFFERING_NOT_INSTALLED',
      hint: `mantissa offering install ${offering}`,
      details: { offering },
    })
  }
}

/** The offering uses the application stores of others, which the site has not installed; nothing was changed. */
export class OfferingRequiresError extends ConflictError {
  constructor(offering: string, missing: readonly string[], site: string) {
    super(`offering ${offering} requires ${missing.join(', ')}, not installed at ${site}`, {
      code: 'OFFERING_REQUIRES',
      hint: `mantissa --site ${site} offering install ${missing[0]}`,
      details: { offering, missing, site },
    })
  }
}

/** Nothing that this site may load declares an offering of that name. */
export class OfferingNotFoundError extends NotFoundError {
  constructor(offering: string, known: readonly string[]) {
    super(`there is no offering ${offering}`, {
      code: 'OFFERING_NOT_FOUND',
      hint:
        didYouMean(nearestNames(offering, known)) ||
        'see mantissa offering list, or say where its package is: mantissa offering add-source <dir>',
      details: { offering, candidates: known },
    })
  }
}

/** The offering is installed here, and nothing that the site may load has its code. Nothing was changed. */
export class OfferingCodeMissingError extends NotFoundError {
  constructor(offering: string) {
    super(`the code of offering ${offering} is not at hand`, {
      code: 'OFFERING_CODE_MISSING',
      hint: 'say where its package is: mantissa offering add-source <dir>',
      details: { offering },
    })
  }
}

/** The offering has no installable powerup of that name. */
export class PowerupNotFoundError extends NotFoundError {
  constructor(offering: string, powerup: string, known: readonly string[]) {
    super(`offering ${offering} has no powerup ${powerup}`, {
      code: 'POWERUP_NOT_FOUND',
      hint:
        known.length === 0
          ? 'it has nothing to endow people with'
          : didYouMean(nearestNames(powerup, known)) || `it has: ${known.join(', ')}`,
      details: { offering, powerup, candidates: known },
    })
  }
}

/** The package does not say, or not properly, which offerings it has. Nothing was loaded or recorded. */
export class BadDeclarationError extends IntegrityError {
  constructor(path: string, why: string, cause?: unknown) {
    super(`${path} ${why}`, {
      code: 'OFFERING_DECLARATION',
      hint: 'its package.json needs: "mantissa": { "offerings": "./dist/offerings.js" }',
      details: { path },
      ...(cause === undefined ? {} : { cause }),
    })
  }
}

/** The code of an offering could not be loaded; nothing was changed. */
export class OfferingBrokenError extends IntegrityError {
  constructor(module: string, why: string, cause?: unknown) {
    super(`cannot load offerings from ${module}: ${why}`, {
      code: 'OFFERING_BROKEN',
      hint: 'build the package, or ask its author',
      details: { module },
      ...(cause === undefined ? {} : { cause }),
    })
  }
}

/** Somebody other than root and whoever runs this could change the code; it was not loaded. */
export class UntrustedSourceError extends DeniedError {
  constructor(path: string, why: string, hint: string) {
    super(`${path} ${why}, so its code is not run`, { code: 'SOURCE_UNTRUSTED', hint, details: { path } })
  }
}

import type { Explanations } from './explanation.js'

export const OFFERING_EXPLANATIONS: Explanations = {
  OFFERING_NOT_FOUND: {
    meaning: 'Neither the toolkit, nor a package installed with it, nor a source of this site declares that offering.',
    remedy: 'mantissa offering list shows all that can be had; mantissa offering add-source <dir> adds a package.',
  },
  OFFERING_CODE_MISSING: {
    meaning:
      'The offering is installed on this site, but its code is not: the original installed it, or its package has gone.',
    remedy:
      'mantissa offering add-source <dir> says where its package is. Its data are safe, and travel with their users.',
  },
  OFFERING_NOT_INSTALLED: {
    meaning: 'The offering exists but has not been installed on this site, so nobody can be endowed with it.',
    remedy: 'Install it first: mantissa offering install <offering>.',
  },
  OFFERING_ALREADY_INSTALLED: {
    meaning: 'The offering is installed on this site. Nothing was changed.',
    remedy: 'There is nothing left to do; mantissa offering show <offering> tells where its store is.',
  },
  OFFERING_REQUIRES: {
    meaning: 'The package declares that the offering uses the application stores of others, which the site has not.',
    remedy: 'Install those first with mantissa offering install.',
  },
  OFFERING_NAME_TAKEN: {
    meaning: 'The package declares an offering whose name another source of this site has already.',
    remedy: 'Give one of the two another name; an offering is known by its name alone.',
  },
  OFFERING_DECLARATION: {
    meaning: 'The package.json of the directory does not say, or not properly, which offerings the package has.',
    remedy:
      'It needs "mantissa": { "offerings": "./dist/offerings.js" }, with a module that exists. See docs/writing-offerings.md.',
  },
  OFFERING_BROKEN: {
    meaning: 'The code of the offering could not be loaded, or does not export what its package.json promises.',
    remedy: 'Build the package, and look at the cause with --debug. Nothing was changed.',
  },
  OFFERING_INVALID: {
    meaning: 'The offering is described wrongly: a name that cannot be used, or two powerups of one name.',
    remedy: 'This is for the author of the offering to correct, in the call of defineOffering.',
  },
  POWERUP_NOT_FOUND: {
    meaning: 'The offering has no powerup of that name, or none for people at all.',
    remedy: 'mantissa offering show <offering> lists its powerups.',
  },
  SOURCE_NOT_FOUND: {
    meaning: 'The directory that should become a source of offerings does not exist.',
    remedy: 'Name the directory in which the package.json of the offering lies.',
  },
  SOURCE_UNTRUSTED: {
    meaning:
      'Somebody other than root and whoever runs mantissa could change the code of an offering, which would then run with the rights of whoever runs it. Root runs no code of anybody else, also where the site belongs to somebody else.',
    remedy:
      'Run the command as the owner of the site and of the code, or give the directory to root; take the right to write from all others (chmod -R go-w), and see that the directories above it are safe too.',
  },
  SITE_PLACE_TAKEN: {
    meaning: 'Something else is where the new site should be. It was not touched, even if it is empty.',
    remedy: 'Name a directory that does not exist yet, or remove the one that is there.',
  },
  SITE_DIFFERS: {
    meaning:
      'The site exists, and has another host name or public URL than the one that was given. It was not changed.',
    remedy: 'Leave the option out to keep what the site has.',
  },
  INVALID_HOSTNAME: {
    meaning: 'The text cannot be a host name.',
    remedy: 'Write it like example.com, without a scheme and without a port.',
  },
  INVALID_URL: {
    meaning: 'The text cannot be the public URL of a site: it must be http or https, without a query and a user name.',
    remedy: 'Write it like https://example.com.',
  },
  ACCOUNT_WITHOUT_STORE: {
    meaning: 'An account of the site does not lead to a store, so nothing can be installed for its owner.',
    remedy: 'Restore the site from a backup, or remove the account.',
  },
}

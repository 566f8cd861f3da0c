import type { Explanations } from './explanation.js'

export const BASE_EXPLANATIONS: Explanations = {
  INVALID_ADDRESS: {
    meaning:
      'The address cannot name an account: an empty part, a slash, a control character, a leading dot, or too long.',
    remedy: 'Write it as localpart@domain, for example alice@example.com. See mantissa help addresses.',
  },
  UNSAFE_PATH: {
    meaning: 'A name that should become a file or directory holds a slash, a NUL, or is ".", ".." or empty.',
    remedy: 'Use a plain name.',
  },
  PATH_ESCAPES: {
    meaning: 'A path that should lie inside a site or store leads outside of it, through ".." or a symbolic link.',
    remedy: 'Remove the link. A store that somebody gave you may have been made to do this: do not trust it.',
  },
}

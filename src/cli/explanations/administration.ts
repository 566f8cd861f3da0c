import type { Explanations } from './explanation.js'

export const ADMINISTRATION_EXPLANATIONS: Explanations = {
  OWN_ACCOUNT: {
    meaning: 'An administrator has asked, on the web, to disable the account with which they were logged in.',
    remedy: 'Have another administrator do it, or use the command line: mantissa usermod <address> --disable.',
  },
  ENDPOINT_WITH_FILES: {
    meaning:
      'A port was to be made on the web that names files of the machine: a socket in the file system, or a certificate by its path.',
    remedy: 'Make it on the command line: mantissa port create --strport.',
  },
}

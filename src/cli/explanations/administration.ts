import type { Explanations } from './explanation.js'

export const ADMINISTRATION_EXPLANATIONS: Explanations = {
  OWN_ACCOUNT: {
    meaning: 'An administrator has asked, on the web, to disable the account with which they were logged in.',
    remedy: 'Have another administrator do it, or use the command line: mantissa usermod <address> --disable.',
  },
}

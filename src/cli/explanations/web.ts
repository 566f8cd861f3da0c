import type { Explanations } from './explanation.js'

export const WEB_EXPLANATIONS: Explanations = {
  PROXY_INVALID: {
    meaning: 'A proxy was to be trusted that is named by neither a network address nor a network.',
    remedy: 'Write its address, a network with the length of its prefix, such as 10.0.0.0/8, or loopback.',
  },
  TOO_MANY_ATTEMPTS: {
    meaning:
      'Logins with this name, or from this network address, have failed too often lately, and the password was not looked at.',
    remedy: 'Wait as long as the answer says; a browser in which the owner has logged in before is not kept waiting.',
  },
  WEB_REFUSED: {
    meaning: 'The web server has not done what a request asked for, and has told the visitor why.',
    remedy: 'The answer to the request says what to do; the status of each request is in the HTTP log.',
  },
}

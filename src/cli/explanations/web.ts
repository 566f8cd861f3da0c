import type { Explanations } from './explanation.js'

export const WEB_EXPLANATIONS: Explanations = {
  WEB_REFUSED: {
    meaning: 'The web server has not done what a request asked for, and has told the visitor why.',
    remedy: 'The answer to the request says what to do; the status of each request is in the HTTP log.',
  },
}

import type { Explanations } from './explanation.js'

export const SCHEDULING_EXPLANATIONS: Explanations = {
  NOT_RUNNABLE: {
    meaning: 'An item was to be run at some time, and its class has no method run(), or an asynchronous one.',
    remedy:
      'This is for the author of the offering: run() is called inside a transaction and returns the next time or null.',
  },
  NO_SUCH_EVENT: {
    meaning: 'An event was to be moved to another time, and its item is not scheduled for the time that was named.',
    remedy: 'mantissa events list shows what is scheduled.',
  },
}

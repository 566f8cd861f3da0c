/** A module of a program that throws where nobody catches. */
import './unit-types.mjs'

setTimeout(() => {
  throw new Error('stray')
}, 150)

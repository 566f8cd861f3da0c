/** The method by which `util.inspect` lets an object tell what it looks like, for people who look at it at a prompt. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom')

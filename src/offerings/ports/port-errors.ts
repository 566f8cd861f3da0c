/** What can be wrong with a port before anybody listens there. Nothing was changed in each case. */
import { ConflictError, InvalidInputError, NotFoundError } from '../../base/errors.js'

const EXAMPLES = 'tcp:8080, tcp:8080:interface=127.0.0.1, ssl:8443, unix:/run/site.sock:mode=660'

/** @param why - goes on after the text: `has no port number`. */
export function invalidEndpoint(text: string, why: string): InvalidInputError {
  return new InvalidInputError(`${JSON.stringify(text)} ${why}`, {
    code: 'ENDPOINT_INVALID',
    hint: `write it like ${EXAMPLES}`,
    details: { endpoint: text },
  })
}

/** Longer paths of sockets are cut off by the system without a word, so that nobody would find the socket. */
export function socketPathTooLong(path: string, most: number): InvalidInputError {
  return new InvalidInputError(`the path of the socket ${path} has more than ${most} bytes`, {
    code: 'SOCKET_PATH_TOO_LONG',
    hint: 'choose a shorter one, below /run for instance',
    details: { path, most },
  })
}

/** No item has that number, or it is none of the three kinds of ports. */
export class PortNotFoundError extends NotFoundError {
  constructor(storeID: number, why: 'item' | 'port') {
    super(`${storeID} does not identify ${why === 'item' ? 'an item' : 'a port'}`, {
      code: 'PORT_NOT_FOUND',
      hint: 'see: mantissa port list',
      details: { port: storeID },
    })
  }
}

/** Nothing on the site that speaks a protocol is called so. */
export class FactoryNotFoundError extends NotFoundError {
  constructor(message: string, factory: string, known: readonly string[]) {
    super(message, {
      code: 'FACTORY_NOT_FOUND',
      hint: known.length === 0 ? 'see: mantissa port list' : `there are: ${known.join(', ')}`,
      details: { factory, candidates: known },
    })
  }
}

/** Another port of the site has that number or path already, and the two could not both listen. */
export class PortTakenError extends ConflictError {
  constructor(endpoint: string, taken: { readonly storeID: number; readonly endpoint: string }) {
    super(`port ${taken.storeID} of the site is ${taken.endpoint} already`, {
      code: 'PORT_TAKEN',
      hint: `choose another number, or remove it first: mantissa port delete ${taken.storeID}`,
      details: { endpoint, port: taken.storeID },
    })
  }
}

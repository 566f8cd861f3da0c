/** Why a port does not listen, in words that say what to do; the port changes nothing and can be started again. */
import { DeniedError, IntegrityError, type MantissaError, NotFoundError, UnavailableError } from '../../base/errors.js'
import type { Endpoint } from '../../offerings/ports/endpoint.js'

/** Nothing is behind the port that could speak: its factory has gone, or has no code here. */
export class PortWithoutFactoryError extends NotFoundError {
  constructor(port: number, why: string) {
    super(`port ${port} has nobody who would speak at it: ${why}`, {
      code: 'PORT_WITHOUT_FACTORY',
      hint: `see mantissa offering list, or remove the port: mantissa port delete ${port}`,
      details: { port },
    })
  }
}

/** The item that the port refers to is known, and is nothing that speaks a protocol. */
export class NotAFactoryError extends IntegrityError {
  constructor(port: number, factory: string) {
    super(`port ${port} leads to ${factory}, which speaks no protocol`, {
      code: 'FACTORY_UNFIT',
      hint: `remove the port and make another: mantissa port delete ${port}`,
      details: { port, factory },
    })
  }
}

/** The refusal of the operating system, told with the endpoint; what nobody expected comes back as it is. */
export function listenFailure(error: unknown, endpoint: Endpoint, text: string): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  if (!(error instanceof Error) || syscall === undefined) return error
  const facts = { details: { endpoint: text, reason: code }, cause: error }
  return endpoint.kind === 'unix' ? socketFailure(code, endpoint.path, facts) : portFailure(code, endpoint, facts)
}

interface Facts {
  readonly details: { readonly endpoint: string; readonly reason: string }
  readonly cause: Error
}

function portFailure(code: string, endpoint: Exclude<Endpoint, { kind: 'unix' }>, facts: Facts): MantissaError {
  const { port, interface: face } = endpoint
  if (code === 'EADDRINUSE') {
    const hint = `see who has it (ss -ltnp sport = :${port}), stop it, or choose another port`
    return new UnavailableError(`port ${port} is in use by another program`, { ...facts, code: 'PORT_BUSY', hint })
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const hint = `choose one from 1024 on and lead ${port} there, or give the right: CAP_NET_BIND_SERVICE`
    return new DeniedError(`port ${port} may not be used by this user`, { ...facts, code: 'PORT_DENIED', hint })
  }
  if (['ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(code)) {
    const hint = 'name an address that this machine has (ip address shows them), or leave interface= out for all'
    const message = `this machine has no address ${face || 'of that kind'} to listen at`
    return new UnavailableError(message, { ...facts, code: 'INTERFACE_UNKNOWN', hint })
  }
  return otherFailure(`port ${port}`, facts)
}

function socketFailure(code: string, path: string, facts: Facts): MantissaError {
  if (code === 'EADDRINUSE') return new SocketInUseError(path)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const hint = 'choose a directory in which the node may make files'
    return new DeniedError(`the socket ${path} may not be made by this user`, { ...facts, code: 'PORT_DENIED', hint })
  }
  return otherFailure(`the socket ${path}`, facts)
}

/** There is no directory for the socket; the system itself would say that it is not permitted. */
export class SocketPlaceError extends NotFoundError {
  constructor(path: string) {
    super(`the directory of the socket ${path} does not exist`, {
      code: 'SOCKET_PLACE',
      hint: 'make the directory, or choose another path',
      details: { path },
    })
  }
}

/** Somebody answers at that socket, or the path is that of something else. It was left as it is. */
export class SocketInUseError extends UnavailableError {
  constructor(path: string, why = 'is in use by another program') {
    super(`the socket ${path} ${why}`, {
      code: 'SOCKET_IN_USE',
      hint: 'stop the other program, or choose another path',
      details: { path },
    })
  }
}

function otherFailure(what: string, facts: Facts): UnavailableError {
  const hint = 'check the limits of the system, and start the node again'
  return new UnavailableError(`${what} cannot be used: ${facts.cause.message}`, { ...facts, code: 'PORT_FAILED', hint })
}

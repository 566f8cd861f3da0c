import { lstatSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { LONGEST_SOCKET_PATH } from '../../offerings/ports/endpoint.js'
import { socketPathTooLong } from '../../offerings/ports/port-errors.js'
import { SocketInUseError, SocketPlaceError } from './port-failure.js'

/**
 * Makes room at `path`: a socket that nobody answers was left by a process that died, and is removed.
 * @throws SocketInUseError where somebody answers or the path is no socket, SocketPlaceError, InvalidInputError
 *   (`SOCKET_PATH_TOO_LONG`).
 */
export async function clearSocketPath(path: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST_SOCKET_PATH) throw socketPathTooLong(path, LONGEST_SOCKET_PATH)
  if (!isDirectory(dirname(path))) throw new SocketPlaceError(path)
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) throw new SocketInUseError(path, 'is the place of something that is no socket')
  if (await isAnswered(path)) throw new SocketInUseError(path)
  rmSync(path, { force: true })
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => resolve(socket.destroy() !== undefined))
    // What refuses for any other reason than that nobody listens may be somebody's.
    socket.once('error', error => resolve((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED'))
  })
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

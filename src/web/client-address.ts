import type { FastifyRequest } from 'fastify'

/** Who asks through a socket in the file system and is no proxy that names somebody else. */
export const LOCAL = 'local'

/**
 * The network address of who asks, as a trusted proxy says where there is one; {@link LOCAL} at a socket in the file
 * system, where connections have none.
 */
export function clientAddress(request: FastifyRequest): string {
  const { ip } = request as { readonly ip: string | undefined }
  return ip ?? LOCAL
}

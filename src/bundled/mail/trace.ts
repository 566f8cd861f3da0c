import type { SMTPServerSession } from 'smtp-server'

/**
 * What a header Received would say (RFC 5321 4.4). It is kept beside the message and not in it, so that the file has the
 * bytes that were sent, and a signature over them stays good.
 */
export function traceOf(session: SMTPServerSession, hostname: string, now = new Date()): string {
  const { hostNameAppearsAs, remoteAddress, transmissionType, id } = session
  const literal = remoteAddress.includes(':') ? `[IPv6:${remoteAddress}]` : `[${remoteAddress}]`
  return `from ${hostNameAppearsAs} (${literal}) by ${hostname} with ${transmissionType} id ${id}; ${now.toUTCString()}`
}

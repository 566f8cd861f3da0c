import type { FastifyInstance } from 'fastify'
import { removeExpiredSessions } from '../../accounts/sessions/end-sessions.js'
import type { ServiceHost } from '../../offerings/services.js'

/** Milliseconds. */
const HOUR = 3_600_000

/** Removes sessions that nobody can use any more, at the start and every hour. */
export function registerSessionSweep(app: FastifyInstance): void {
  const { host } = app.web
  const sweep = () => void sweepSessions(host)
  const again = setInterval(sweep, HOUR).unref()
  app.addHook('onReady', done => {
    sweep()
    done()
  })
  app.addHook('onClose', () => clearInterval(again))
}

async function sweepSessions(host: ServiceHost): Promise<void> {
  try {
    while ((await host.patiently(() => removeExpiredSessions(host.site))) > 0);
  } catch (error) {
    host.log.warn({ reason: String(error) }, 'old sessions could not be removed')
  }
}

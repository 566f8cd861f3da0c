import { createHmac, randomBytes } from 'node:crypto'
import type { ServiceHost } from '../offerings/services.js'
import { readSetting, WEB_SECRET, writeSetting } from '../site/settings.js'

/**
 * A key for one purpose, the same after a restart: a form that somebody is filling in while the node is started anew is
 * still good. It is made from a secret of the site, which is made when it is asked for the first time.
 */
export async function signingKey(host: ServiceHost, purpose: string): Promise<string> {
  const { site } = host
  const secret = await host.patiently(() => site.store.transact(() => readSetting(site, WEB_SECRET, '') || newSecret()))
  return createHmac('sha256', secret).update(purpose).digest('hex')

  function newSecret(): string {
    const made = randomBytes(32).toString('base64url')
    writeSetting(site, WEB_SECRET, made)
    return made
  }
}

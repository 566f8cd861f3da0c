import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { installLoginSystem } from '../../src/accounts/login-system.js'
import { createSiteStore, type Site, type SiteOptions } from '../../src/site/site.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** A fresh site with a login system, closed and removed when the test ends. */
export function newSite(options: SiteOptions = {}): Site {
  const site = createSiteStore(join(temporaryDirectory(), 'site.axiom'), options)
  onTestFinished(() => site.close())
  installLoginSystem(site.store)
  return site
}

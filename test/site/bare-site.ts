import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createSiteStore, type Site, type SiteOptions } from '../../src/site/site.js'
import { temporaryDirectory } from '../support/temporary-directory.js'

/** An empty site, closed and removed when the test ends. */
export function bareSite(options: SiteOptions = {}): Site {
  const site = createSiteStore(join(temporaryDirectory(), 'site.axiom'), options)
  onTestFinished(() => site.close())
  return site
}

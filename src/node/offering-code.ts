import { getInstalledOfferingNames } from '../offerings/installed-offerings.js'
import { loadInstalledOfferings } from '../offerings/load-installed-offerings.js'
import type { ServiceLog } from '../offerings/services.js'
import type { Site } from '../site/site.js'

/** The code of the installed offerings, loaded as they come. What is loaded stays as long as the process. */
export class OfferingCode {
  readonly #site: Site
  readonly #log: ServiceLog
  #tried = ''
  #told = new Set<string>()

  constructor(site: Site, log: ServiceLog) {
    this.#site = site
    this.#log = log
  }

  /**
   * Loads what is installed and not loaded yet. What cannot be loaded is told in the log; its items are then without code.
   * @param retriesAll - looks also where nothing was installed since the last time.
   */
  async load({ retriesAll }: { readonly retriesAll: boolean } = { retriesAll: true }): Promise<void> {
    const installed = getInstalledOfferingNames(this.#site.store).join('\n')
    if (installed === this.#tried && !(retriesAll && this.#told.size > 0)) return
    const unloaded = await loadInstalledOfferings(this.#site)
    this.#tried = installed
    for (const { offering, error } of unloaded) {
      if (this.#told.has(offering)) continue
      this.#log.warn({ offering, code: error.code, reason: error.message }, 'the code of an offering cannot be loaded')
    }
    this.#told = new Set(unloaded.map(({ offering }) => offering))
  }
}

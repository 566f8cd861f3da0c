import type { Site } from '../site/site.js'

/** Milliseconds between two looks. */
const PAUSE = 1000

/**
 * Notices that a site was written, whoever did it: SQLite counts for each connection the commits of others, and its own
 * changes. A look costs some microseconds, so it is taken every second; what must not wait is told to the node.
 */
export class SiteWatch implements Disposable {
  readonly #site: Site
  readonly #timer: NodeJS.Timeout
  readonly #changed: () => void
  #seen: string

  /** @param changed - called after each pause in which somebody wrote. */
  constructor(site: Site, changed: () => void, pause = PAUSE) {
    this.#site = site
    this.#changed = changed
    this.#seen = this.#version()
    this.#timer = setInterval(() => this.#look(), pause)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const now = this.#version()
    if (now === this.#seen) return
    this.#seen = now
    this.#changed()
  }

  #version(): string {
    const { sql } = this.#site.store
    return `${sql.value('PRAGMA data_version')} ${sql.value('SELECT total_changes()')}`
  }
}

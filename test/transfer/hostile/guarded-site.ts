import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { createAccount } from '../../../src/accounts/create-account.js'
import { findAccountByAddress } from '../../../src/accounts/find-account.js'
import { installLoginSystem } from '../../../src/accounts/login-system.js'
import { parseAddress } from '../../../src/base/address.js'
import { createSiteStore, type Site } from '../../../src/site/site.js'
import type { ImportSource } from '../../../src/transfer/arriving/import-options.js'
import { importUser } from '../../../src/transfer/arriving/import-user.js'
import { dump } from '../two-sites.js'
import { MALLORY } from './base-archive.js'

/** A site with a user whom nobody may take the name of, and what it was before each try. */
export class GuardedSite implements Disposable {
  readonly #site: Site

  constructor(parent: string) {
    this.#site = createSiteStore(join(parent, `site-${readdirSync(parent).length}.axiom`))
    installLoginSystem(this.#site.store)
    createAccount(this.#site, { address: parseAddress('victim@example.com'), passwordHash: null })
  }

  get site(): Site {
    return this.#site
  }

  /** Tries to import. Gives the code of the refusal, after which nothing is there that was not before, or `imported`. */
  async outcomeOf(from: ImportSource): Promise<string> {
    const before = this.#look()
    try {
      await importUser(this.#site, from)
    } catch (error) {
      expect(this.#look()).toEqual(before)
      expect(this.#site.store.sql.pluck("SELECT id FROM mantissa_transfer WHERE state <> 'DISCARDED'")).toEqual([])
      return String((error as { readonly code?: unknown }).code ?? error)
    }
    return findAccountByAddress(this.#site, MALLORY) === undefined ? 'imported nobody' : 'imported'
  }

  /** Every file with its size, the site's own database apart, and every row but those of the journal. */
  #look() {
    const names = readdirSync(this.#site.directory, { recursive: true, encoding: 'utf8' }).sort()
    const files = names
      .filter(name => !/^db\.sqlite(-wal|-shm)?$/.test(name))
      .map(name => `${name} ${sizeOf(join(this.#site.directory, name))}`)
    return { files, rows: dump(this.#site.store, ['mantissa_transfer']) }
  }

  [Symbol.dispose](): void {
    this.#site.close()
  }
}

function sizeOf(path: string): number | string {
  const facts = statSync(path)
  return facts.isFile() ? facts.size : 'directory'
}

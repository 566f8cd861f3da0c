/**
 * The two sites of a run. They are made once for each kind, at the place where every run has them, and copied from there:
 * a site knows its own path and inode, and takes itself for a copy elsewhere.
 */
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import '../../../dist/accounts/recoveries.js'
import { subStoreOf } from '../../../dist/accounts/account-rows.js'
import { createAccount } from '../../../dist/accounts/create-account.js'
import { installLoginSystem } from '../../../dist/accounts/login-system.js'
import { parseExistingAddress } from '../../../dist/base/address.js'
import { createSiteStore } from '../../../dist/site/site.js'
import { Store } from '../../../dist/store-engine/store.js'
import { withDatabase } from '../../support/read-bare.mjs'
import { NOTE_TABLE } from './note-files.mjs'

export const NAME = 'alice@example.com'
const STORE = 'files/account/example.com/alice.axiom'

export class Sites {
  /** Where the sites of every run are. */
  #stage
  #templates
  /** Moves her once. */
  #move

  constructor(directory, move) {
    this.#stage = join(directory, 'sites')
    this.#templates = join(directory, 'templates')
    this.#move = move
    mkdirSync(this.#templates)
  }

  get one() {
    return join(this.#stage, 'one.axiom')
  }

  get other() {
    return join(this.#stage, 'other.axiom')
  }

  /** Where her store may be. */
  get places() {
    return [this.one, this.other].map(site => join(site, STORE))
  }

  /** Lays out two sites between which she has moved so often. Returns where she is, and where she is not. */
  async lay({ modes, moved }) {
    const template = join(this.#templates, `${modes.join('-')}-${moved}`)
    this.clear()
    if (existsSync(template)) {
      cpSync(template, this.#stage, { recursive: true })
      for (const site of [this.one, this.other]) acceptInode(site)
    } else {
      await this.#make({ modes, moved })
      cpSync(this.#stage, template, { recursive: true })
    }
    return moved % 2 === 0 ? { from: this.one, to: this.other } : { from: this.other, to: this.one }
  }

  clear() {
    rmSync(this.#stage, { recursive: true, force: true, maxRetries: 3 })
  }

  /** Puts the sites of a run that failed where somebody can look at them. */
  keep(directory) {
    cpSync(this.#stage, directory, { recursive: true })
  }

  async #make({ modes, moved }) {
    mkdirSync(this.#stage)
    for (const [index, directory] of [this.one, this.other].entries()) {
      const site = createSiteStore(directory, { journalMode: modes[index] })
      installLoginSystem(site.store)
      if (index === 0) furnish(site, modes[0])
      site.close()
    }
    for (let count = 0; count < moved; count += 1)
      await this.#move(count % 2 === 0 ? { from: this.one, to: this.other } : { from: this.other, to: this.one })
  }
}

function furnish(site, journalMode) {
  const account = createAccount(site, { address: parseExistingAddress(NAME), passwordHash: null })
  const store = Store.open(subStoreOf(account).storepath, { journalMode })
  store.transact(() => store.sql.exec(`CREATE TABLE ${NOTE_TABLE} (writer, number)`))
  store.close()
}

function acceptInode(site) {
  const { ino } = statSync(join(site, 'db.sqlite'))
  withDatabase(site, database => database.prepare('UPDATE mantissa_site SET last_inode = ?').run(ino))
}

/**
 * Somebody who changes alice's account and writes her store while she is being moved, in a process of their own, and
 * remembers what was acknowledged. Waits for nobody: what is busy is refused.
 */
import { existsSync } from 'node:fs'
import { getAccountByAddress } from '../../../dist/accounts/find-account.js'
import { addLoginMethod, removeLoginMethod } from '../../../dist/accounts/login-methods.js'
import { setDisabled } from '../../../dist/accounts/set-disabled.js'
import { setPasswordHash } from '../../../dist/accounts/set-password.js'
import { BusyError, MantissaError } from '../../../dist/base/errors.js'
import { Site } from '../../../dist/site/site.js'
import { removeFile } from '../../../dist/store-engine/files/remove-file.js'
import { Store } from '../../../dist/store-engine/store.js'
import { NOTE_TABLE, notePath, noteText } from '../moves/note-files.mjs'
import { ALICE, HERS, homeOf, METHOD, writeNote } from './places.mjs'

const PATIENCE = { busyTimeout: 20 }
/** Changed at the site, which is what counts; the copy follows. */
const IN_FORCE = 'USER_STORE_BEHIND'
/** Refusals that say that she is on her way, or where she went. */
const REFUSALS = new Set([
  'ACCOUNT_MOVING',
  'STORE_SEALED',
  'STORE_BUSY',
  'MOVED',
  'NO_SUCH_USER',
  'NOT_A_STORE',
  'STORE_MOVED',
])

export class Meddler {
  #sites
  #count = 0
  #names = new Set(HERS.names)
  #removed = new Set()
  #account = { disabled: false, passwordHash: null }
  #told = { rows: [], files: [], last: undefined }
  #erased = []
  /** Files that were begun in earlier moments. */
  #begun = []
  refused = 0
  acknowledged = 0

  constructor(sites) {
    this.#sites = sites
  }

  static DEEDS = ['password', 'disabling', 'addition', 'removal', 'row', 'file', 'erasure', 'begin', 'finish']

  /** Tries one deed at whichever site says that alice is there. */
  async try(deed) {
    this.#count += 1
    const done = this.#attempt(() => this[`_${deed}`](this.#count))
    if (done) this.acknowledged += 1
    else this.refused += 1
  }

  /** What must hold at the end, for the checker. */
  get expected() {
    return {
      names: [...this.#names],
      accounts: { 'alice@example.com': this.#account },
      notes: { ...HERS.notes, meddler: this.#told },
    }
  }

  /** Names that were taken away, which must lead nowhere. */
  get removed() {
    return [...this.#removed]
  }

  /** Files that were removed, by their paths in her store. */
  get erased() {
    return this.#erased.map(number => notePath('meddler', number).join('/'))
  }

  /** Finishes what can be finished and lets go of everything. */
  async end() {
    await this.try('finish')
    for (const { file, store } of this.#begun.splice(0)) {
      file.abort()
      store.close()
    }
  }

  #attempt(work) {
    try {
      work()
      return true
    } catch (error) {
      if (error.code === IN_FORCE) return false
      if (error instanceof BusyError || (error instanceof MantissaError && REFUSALS.has(error.code))) return false
      throw error
    }
  }

  _password(number) {
    this.#changeAccount((site, account) => setPasswordHash(site, account, `$hash$${number}`), {
      passwordHash: `$hash$${number}`,
    })
  }

  _disabling() {
    const disabled = !this.#account.disabled
    this.#changeAccount((site, account) => setDisabled(site, account, disabled), { disabled })
  }

  #changeAccount(change, facts) {
    this.#atSite((site, account) => change(site, account))
    this.#account = { ...this.#account, ...facts }
  }

  _addition(number) {
    const name = { localpart: `m${number}`, domain: 'example.net' }
    this.#atSite((_, account) => addLoginMethod(account, { ...name, ...METHOD }))
    this.#names.add(`${name.localpart}@${name.domain}`)
  }

  _removal() {
    const name = [...this.#names].find(each => each.endsWith('@example.net'))
    if (name === undefined) return
    const [localpart, domain] = name.split('@')
    this.#atSite((_, account) => removeLoginMethod(account, { localpart, domain }))
    this.#names.delete(name)
    this.#removed.add(name)
  }

  /** A change that is in force though the copy does not follow yet counts as acknowledged. */
  #atSite(change) {
    let refusal
    for (const directory of this.#sites) {
      const site = Site.open(directory, { ...PATIENCE, recover: false })
      try {
        return change(site, getAccountByAddress(site, ALICE))
      } catch (error) {
        if (error.code === IN_FORCE) return undefined
        if (refusal === undefined || refusal.code === 'NO_SUCH_USER') refusal = error
      } finally {
        site.close()
      }
    }
    throw refusal
  }

  _row(number) {
    this.#inStore(store =>
      store.transact(() => store.sql.run(`INSERT INTO ${NOTE_TABLE} VALUES ('meddler', ?)`, number)),
    )
    this.#told.rows.push(number)
  }

  _file(number) {
    this.#inStore(store => writeNote(store, 'meddler', number))
    this.#told.files.push(number)
  }

  /** The oldest of those that were written whole. */
  _erasure() {
    const number = this.#told.files[0]
    if (number === undefined) return
    this.#inStore(store => removeFile(store, store.filePath(...notePath('meddler', number))))
    this.#told.files.shift()
    this.#erased.push(number)
  }

  #inStore(work) {
    const store = this.#openStore()
    try {
      work(store)
    } finally {
      store.close()
    }
  }

  #openStore() {
    const home =
      this.#sites.map(site => homeOf(site)).find(directory => existsSync(directory)) ?? homeOf(this.#sites[0])
    return Store.open(home, PATIENCE)
  }

  _begin(number) {
    const store = this.#openStore()
    try {
      const file = store.newFile(...notePath('meddler', number))
      file.write(noteText('meddler', number))
      this.#begun.push({ file, store, number })
    } catch (error) {
      store.close()
      throw error
    }
  }

  /** Closes every file that was begun; one that is refused is tried again later. */
  _finish() {
    for (const begun of this.#begun.splice(0)) {
      try {
        begun.file.close()
        this.#told.files.push(begun.number)
        begun.store.close()
      } catch (error) {
        this.#begun.push(begun)
        throw error
      }
    }
  }
}

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { temporaryDirectory } from './temporary-directory.js'

const recipes = join(import.meta.dirname, '../../fixtures/old-stores')

/** A store in the format of before Axiom 0.8, of `fixtures/old-stores`. */
export function makeOldStore(name: string, directory: string): string {
  for (const part of ['files', 'run', 'temp']) mkdirSync(join(directory, part), { recursive: true })
  const database = new Database(join(directory, 'db.sqlite'))
  database.exec(readFileSync(join(recipes, `${name}.sql`), 'utf8'))
  database.close()
  return directory
}

/** An old site with the stores of alice and bob, and the certificate that it serves with. */
export function makeOldSite(): string {
  const site = makeOldStore('site', join(temporaryDirectory(), 'old.axiom'))
  for (const name of ['alice', 'bob']) makeUserStore(site, 'example.com', name)
  writeFileSync(join(site, 'server.pem'), 'key and certificate\n')
  return site
}

/** The old site whose pages and ports are items of their own; one of its user stores is lost. */
export function makeOldPages(): string {
  return makeOldStore('pages', join(temporaryDirectory(), 'pages.axiom'))
}

/** A site of the first version of accounts, with the store of carol. */
export function makeFirstSite(): string {
  const site = makeOldStore('first', join(temporaryDirectory(), 'first.axiom'))
  makeUserStore(site, 'example.net', 'carol')
  return site
}

/** A store of items that the toolkit has no code for. */
export function makeOldPeople(): string {
  return makeOldStore('people', join(temporaryDirectory(), 'people.axiom'))
}

function makeUserStore(site: string, domain: string, name: string): void {
  makeOldStore(name, join(site, 'files/account', domain, `${name}.axiom`))
}

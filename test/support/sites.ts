import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createAccount } from '../../src/accounts/create-account.js'
import type { LoginAccount } from '../../src/accounts/login-account.js'
import { parseAddress } from '../../src/base/address.js'
import { createSite } from '../../src/offerings/create-site.js'
import { Site } from '../../src/site/site.js'
import { temporaryDirectory } from './temporary-directory.js'

/** A complete site with the base offering, open for writing until the running test ends. */
export async function openNewSite(name = 'site.axiom'): Promise<Site> {
  const directory = join(temporaryDirectory(), name)
  await createSite(directory)
  const site = Site.open(directory)
  onTestFinished(() => site.close())
  return site
}

/** An account that nobody can log in to, which takes no time to make. */
export function addUser(site: Site, address: string): LoginAccount {
  return createAccount(site, { address: parseAddress(address), passwordHash: null })
}

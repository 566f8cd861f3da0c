import { join } from 'node:path'
import { expect, it } from 'vitest'
import { addLoginMethod } from '../../../src/accounts/login-methods.js'
import { parseAddress } from '../../../src/base/address.js'
import { createSite } from '../../../src/offerings/create-site.js'
import { installOffering } from '../../../src/offerings/install-offering.js'
import { openAppStore } from '../../../src/offerings/installed-offerings.js'
import { loadOffering } from '../../../src/offerings/load-offering.js'
import { setDefaultShare } from '../../../src/sharing/default-share.js'
import { identifierOf } from '../../../src/sharing/identifier.js'
import { getEveryoneRole } from '../../../src/sharing/roles.js'
import { shareItem, sharesOf } from '../../../src/sharing/share-item.js'
import { Site } from '../../../src/site/site.js'
import { linkToShare, linkToStore } from '../../../src/web/sharing/share-links.js'
import { temporaryDirectory } from '../../support/temporary-directory.js'
import { createUser, IRecipe, Recipe, shareRecipe, storeOf } from './shared-recipes.js'

it('behaviour 120: links to shares are made of the internal localpart', async () => {
  const directory = join(temporaryDirectory(), 'site.axiom')
  await createSite(directory, { hostname: 'example.com' })
  using site = Site.open(directory)
  const alice = createUser(site, 'alice@example.com')
  const method = { ...parseAddress('al@elsewhere.example'), protocol: 'email', internal: false, verified: true }
  addLoginMethod(alice, method)
  const store = storeOf(alice)
  expect(linkToShare(store, 'a b/ü')).toBe('/users/alice/a%20b%2F%C3%BC')
  setDefaultShare(store, 'x')
  expect([linkToShare(store, 'X'), linkToShare(store, 'y')]).toEqual(['/users/alice/', '/users/alice/y'])

  const recipe = shareRecipe(alice, 'soup')
  const [share] = sharesOf(recipe)
  expect(share && identifierOf(share)).toEqual({ shareID: 'soup', localpart: 'alice', domain: 'example.com' })

  createUser(site, 'Alice@example.org')
  expect(linkToShare(store, 'y')).toBe('/users/alice@example.com/y')

  await installOffering(site, await loadOffering('notes', site))
  expect(linkToShare(openAppStore(site, 'notes'), 'y')).toBe('/notes/y')
  expect(linkToStore(site.store)).toBeNull()
  const rootShare = shareItem(getEveryoneRole(site.store), site.store.create(Recipe, { title: 'x' }), {
    interfaces: [IRecipe],
  })
  expect(() => identifierOf(rootShare)).toThrow(expect.objectContaining({ code: 'NO_PUBLIC_NAME' }))
})

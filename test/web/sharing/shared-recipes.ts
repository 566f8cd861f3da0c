/** A site on which recipes are shared: an item type with a renderer, and one without. */
import { request } from 'node:http'
import { subStoreOf } from '../../../src/accounts/account-rows.js'
import { createAccount } from '../../../src/accounts/create-account.js'
import type { LoginAccount } from '../../../src/accounts/login-account.js'
import { parseAddress } from '../../../src/base/address.js'
import { InvalidInputError } from '../../../src/base/errors.js'
import { html } from '../../../src/base/html.js'
import { getRole } from '../../../src/sharing/named-roles.js'
import { registerItemRenderer } from '../../../src/sharing/pages/renderer.js'
import { shareItem } from '../../../src/sharing/share-item.js'
import type { Site } from '../../../src/site/site.js'
import { integer, text, timestamp } from '../../../src/store-engine/attributes/attributes.js'
import { Timestamp } from '../../../src/store-engine/attributes/timestamp.js'
import { item } from '../../../src/store-engine/items/item.js'
import { registerItemTypes } from '../../../src/store-engine/items/registry.js'
import { defineInterface, type Interface } from '../../../src/store-engine/powerups/interface.js'
import type { Store } from '../../../src/store-engine/store.js'
import { CHEAP_HASH } from '../../support/web-browser.js'

export const IRecipe = defineInterface('test.recipes.IRecipe', ['title', 'steps', 'written', 'lists'])
export const ICooked = defineInterface('test.recipes.ICooked', ['cook', 'cooked'])
export const ISpice = defineInterface('test.recipes.ISpice', ['title', 'heat'])

export class Recipe extends item({
  typeName: 'test_web_recipe',
  version: 1,
  module: 'axiom.item',
  attributes: {
    title: text({ allowNull: false }),
    steps: text({ allowNull: false, default: '<script>alert(1)</script>' }),
    written: timestamp({ allowNull: false, default: () => Timestamp.fromDate(new Date(0)) }),
    cooked: integer({ allowNull: false, default: 0 }),
    secret: text({ default: 'the family secret' }),
  },
}) {
  cook(times: number): void {
    this.cooked += times
  }

  get lists(): readonly string[] {
    return ['salt', 'water']
  }
}

export class Spice extends item({
  typeName: 'test_web_spice',
  version: 1,
  module: 'axiom.item',
  attributes: { title: text({ allowNull: false }), heat: integer({ allowNull: false, default: 0 }) },
}) {}
registerItemTypes(Recipe, Spice)

registerItemRenderer(Recipe, {
  html: ({ title, steps, cooked, cook }, request) => ({
    title: title ?? '',
    body: html`<p>${steps}</p><p>${request.viewer.address ?? 'nobody'} at ${request.path} asked for ${request.query.get('for')}</p>${
      cook === undefined ? null : request.form('cook', html`<input name="times"><button>Cook (${cooked})</button>`)
    }`,
  }),
  actions: {
    cook: ({ cook }, fields) => {
      const times = Number(fields.text('times'))
      cook?.(times)
      if (times > 9) throw new InvalidInputError('nobody eats <that> much')
      return { notice: 'It is cooked.' }
    },
    fail: ({ cook }) => {
      cook?.(100)
      throw new Error('the oven is broken')
    },
  },
})

export function createUser(site: Site, address: string): LoginAccount {
  return createAccount(site, { address: parseAddress(address), passwordHash: CHEAP_HASH })
}

export function storeOf(account: LoginAccount): Store {
  const store = subStoreOf(account)?.open()
  if (store === undefined) throw new Error('no store')
  return store
}

/** Shares a new recipe of that title, by that ID, with a role. */
export function shareRecipe(
  account: LoginAccount,
  shareID: string,
  role = 'everyone',
  faces: Interface[] = [IRecipe],
): Recipe {
  const store = storeOf(account)
  return store.transact(() => {
    const recipe = store.create(Recipe, { title: `Recipe ${shareID}` })
    shareItem(getRole(store, role), recipe, { shareID, interfaces: faces })
    return recipe
  })
}

export interface RawAnswer {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Asks exactly as told, also what a browser would not send: a Host header, a path as it is. */
export function ask(
  url: string,
  path: string,
  { host, method = 'GET', headers = {} }: { host?: string; method?: string; headers?: Record<string, string> } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, path, method, headers: { ...headers, ...(host === undefined ? {} : { host }) } },
      answer => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString(), headers: answer.headers }),
        )
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

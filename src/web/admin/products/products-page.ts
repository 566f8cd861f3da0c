import type { FastifyInstance } from 'fastify'
import { html } from '../../../base/html.js'
import { Product } from '../../../offerings/product-items.js'
import { tableOf } from '../table.js'
import { showAt } from '../visit.js'

const MOST = 500

/** What is bundled for people; products come about by themselves when somebody is endowed with something. */
export function registerProducts(scope: FastifyInstance): void {
  showAt(scope, { path: '/products', rights: ['products'] }, ({ site }) => {
    const products = site.store.query(Product, { limit: MOST }).toArray()
    const columns = [
      { heading: 'Number', cell: ({ storeID }: Product) => storeID },
      { heading: 'Powerups', cell: ({ types }: Product) => (types ?? []).join(', ') },
    ]
    const body = html`<p class="quiet">A product is a set of powerups that people are given together. One is made when somebody is
first endowed with something of an offering.</p>
${tableOf({ caption: 'Products', columns, rows: products, empty: 'There are no products.' })}`
    return { title: 'Products', body }
  })
}

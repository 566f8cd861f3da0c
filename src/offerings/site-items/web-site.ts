import { integer } from '../../store-engine/attributes/attributes.js'
import { item } from '../../store-engine/items/item.js'
import { registerItemTypes } from '../../store-engine/items/registry.js'
import { IResource } from './interfaces.js'
import './web-site-upgrades.js'

/** What makes a store visible on the web; without it, its owner cannot log in with a browser. */
export class WebSite extends item({
  typeName: 'mantissa_web_powerup',
  version: 6,
  module: 'xmantissa.website',
  attributes: { hitCount: integer({ default: 0 }) },
  powerupInterfaces: [IResource],
}) {}

registerItemTypes(WebSite)

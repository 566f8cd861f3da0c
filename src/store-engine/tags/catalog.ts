/**
 * Tags: short names for items, kept in a catalog. A store may have several catalogs, each with tags of its own.
 *
 * Names compare as their column does: ASCII letters without case. References are as lax as the original's: deleting a
 * tagged object deletes nothing else, and its tags read as tags of nothing. No answer of a catalog speaks of them, and
 * `forgetVanished` removes them; `tagCount` counts them until then.
 */
import { integer } from '../attributes/attributes.js'
import { STORE_SELF_ID } from '../attributes/reference.js'
import { Timestamp } from '../attributes/timestamp.js'
import { Item, item } from '../items/item.js'
import { registerItemTypes } from '../items/registry.js'
import { and } from '../queries/comparison.js'
import type { Store } from '../store.js'
import './catalog-upgrade.js'
import { Tag, TagName } from './tag.js'

type Taggable = Item | Store

export class Catalog extends item({
  typeName: 'tag_catalog',
  version: 2,
  module: 'axiom.tags',
  attributes: { tagCount: integer({ default: 0, doc: 'how many tags there are' }) },
}) {
  /** Tags an object; where it has the tag already, nothing changes, not even who is said to have tagged it. */
  tag(object: Taggable, name: string, tagger: Taggable | null = null): void {
    this.store.transact(() => {
      if (this.#find(object, name) !== undefined) return
      this.store.findOrCreate(TagName, { name, catalog: this })
      const created = Timestamp.fromDate(new Date())
      this.store.create(Tag, { object, name, catalog: this, created, tagger })
      this.#addToCount(1)
    })
  }

  /** Takes a tag from an object. Returns whether it had it. */
  untag(object: Taggable, name: string): boolean {
    return this.store.transact(() => {
      const tag = this.#find(object, name)
      if (tag === undefined) return false
      tag.deleteFromStore()
      this.#addToCount(-1)
      return true
    })
  }

  /** Every name that has been used in this catalog, in the order of their first use. */
  tagNames(): string[] {
    const names = this.store.query(TagName, { where: TagName.catalog.equals(this) })
    return [...names].flatMap(({ name }) => (name === null ? [] : [name]))
  }

  /** The tags of an object, in the order in which it got them; none of one that no longer exists. */
  tagsOf(object: Taggable): string[] {
    if (object instanceof Item && !object.isStored) return []
    const tags = this.store.query(Tag, { where: and(Tag.object.equals(object), Tag.catalog.equals(this)) })
    return [...tags].flatMap(({ name }) => (name === null ? [] : [name]))
  }

  /** The objects that have a tag and still exist, in the order in which they got it. @throws UnknownItemTypeError. */
  objectsIn(name: string): Taggable[] {
    const tags = this.store.query(Tag, { where: and(Tag.name.equals(name), Tag.catalog.equals(this)) })
    return [...tags].flatMap(({ object }) => (object === null ? [] : [object]))
  }

  /** How many objects that still exist have the tag; needs no code of their types. */
  count(name: string): number {
    const tags = this.store.query(Tag, { where: and(Tag.name.equals(name), Tag.catalog.equals(this)) })
    return [...tags].filter(tag => !isVanished(tag)).length
  }

  /** Removes the tags of objects that no longer exist and counts anew what is left. Returns how many were removed. */
  forgetVanished(): number {
    return this.store.transact(() => {
      const all = this.store.query(Tag, { where: Tag.catalog.equals(this) }).toArray()
      const vanished = all.filter(isVanished)
      for (const tag of vanished) tag.deleteFromStore()
      const left = all.length - vanished.length
      if (this.tagCount !== left) this.tagCount = left
      return vanished.length
    })
  }

  /** Deletes the catalog with its tags. */
  override deleteFromStore(): void {
    this.store.transact(() => {
      this.store.query(Tag, { where: Tag.catalog.equals(this) }).deleteFromStore()
      this.store.query(TagName, { where: TagName.catalog.equals(this) }).deleteFromStore()
      super.deleteFromStore()
    })
  }

  /** The object first: its column has an index, and an object has few tags. */
  #find(object: Taggable, name: string): Tag | undefined {
    return this.store.findFirst(Tag, and(Tag.object.equals(object), Tag.name.equals(name), Tag.catalog.equals(this)))
  }

  #addToCount(change: number): void {
    this.tagCount = (this.tagCount ?? 0) + change
  }
}
registerItemTypes(Catalog)

function isVanished(tag: Tag): boolean {
  const object = tag.store.storedReference(tag, 'object')
  return object !== STORE_SELF_ID && tag.store.typeNameOf(object) === undefined
}

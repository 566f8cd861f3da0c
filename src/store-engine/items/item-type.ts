import type { Attribute, Attributes } from '../attributes/attribute.js'
import { ConstraintError } from '../errors.js'
import type { Interface } from '../powerups/interface.js'
import type { Source } from '../queries/source.js'

/** An attribute with the name it has in its type, and its place in a row (the storeID is at 0). */
export interface NamedAttribute {
  readonly name: string
  readonly position: number
  readonly attribute: Attribute
  /** `typeName.name`, for messages. */
  readonly label: string
}

export type OfferedInterface = Interface | readonly [face: Interface, priority: number]

export interface ItemTypeSpec<A extends Attributes> {
  /** The name on disk: letters, digits and underscores, since Axiom never quotes it. */
  readonly typeName: string
  readonly version: number
  /** The Python module that Axiom imports for this type; `axiom.item` for types that the original does not have. */
  readonly module: string
  readonly attributes: A
  /** Compound indexes, attribute names in the order of the index. */
  readonly indexes?: ReadonlyArray<ReadonlyArray<keyof A & string>>
  /** What an item of this type is a powerup for when nothing else is said. */
  readonly powerupInterfaces?: readonly OfferedInterface[]
}

/** What a class of items looks like on disk, worked out once per class. */
export class ItemType<A extends Attributes = Attributes> {
  readonly typeName: string
  readonly version: number
  readonly module: string
  /** As written by the author, in the order of declaration. */
  readonly declared: A
  /** In the order of the columns: byte-wise by name (format section 1.3). */
  readonly attributes: readonly NamedAttribute[]
  readonly indexes: ReadonlyArray<readonly string[]>
  readonly powerupInterfaces: readonly OfferedInterface[]
  /** What stands for the class in queries. */
  readonly source: Source = { type: this }

  constructor(spec: ItemTypeSpec<A>) {
    assertWritable(spec)
    this.typeName = spec.typeName
    this.version = spec.version
    this.module = spec.module
    this.declared = spec.attributes
    this.attributes = Object.keys(spec.attributes)
      .sort()
      .map((name, index) => {
        const attribute = spec.attributes[name] as Attribute
        return { name, position: index + 1, attribute, label: `${spec.typeName}.${name}` }
      })
    const single = this.attributes.filter(each => each.attribute.indexed).map(each => [each.name])
    this.indexes = [...single, ...(spec.indexes ?? [])]
    this.powerupInterfaces = spec.powerupInterfaces ?? []
    const names = this.indexes.map(each => this.indexName(each))
    const twice = names.find((each, index) => names.indexOf(each) !== index)
    if (twice !== undefined) throw new ConstraintError(`two indexes would be called ${twice}`)
  }

  get table(): string {
    return tableName(this.typeName, this.version)
  }

  /** `axiomidx_<typeName>_v<version>_<attributes>`, compound ones joined in declared order. */
  indexName(attributes: readonly string[]): string {
    return indexName(this.typeName, this.version, attributes)
  }

  named(name: string): NamedAttribute {
    const found = this.attributes.find(each => each.name === name)
    if (!found) throw new ConstraintError(`${this.typeName} has no attribute ${name}`)
    return found
  }
}

/** Whether a name could be a table's or column's in a store that Axiom wrote, which does not quote them all. */
export function isIdentifier(name: string): boolean {
  return IDENTIFIER.test(name)
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/

/** SQLite's own names for the storeID, and what a class of items needs for itself. */
const TAKEN = new Set(['oid', 'rowid', '_rowid_', 'itemtype', 'prototype'])

/** @throws ConstraintError for names that Axiom, which does not quote them all, could not write as a table. */
function assertWritable({
  typeName,
  version,
  attributes,
}: Pick<ItemTypeSpec<Attributes>, 'typeName' | 'version' | 'attributes'>): void {
  if (!IDENTIFIER.test(typeName)) throw new ConstraintError(`not a type name: ${typeName}`)
  if (!Number.isSafeInteger(version) || version < 1) throw new ConstraintError(`${typeName}: no version: ${version}`)
  const seen = new Set(TAKEN)
  for (const name of Object.keys(attributes)) {
    const folded = name.toLowerCase()
    if (!IDENTIFIER.test(name)) throw new ConstraintError(`${typeName}: not an attribute name: ${name}`)
    if (seen.has(folded)) throw new ConstraintError(`${typeName}: the attribute name ${name} is taken, in some case`)
    seen.add(folded)
  }
}

export function tableName(typeName: string, version: number): string {
  return `item_${typeName}_v${version}`
}

export function indexName(typeName: string, version: number, attributes: readonly string[]): string {
  return `axiomidx_${typeName}_v${version}_${attributes.join('_')}`
}

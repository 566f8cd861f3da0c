import { InvalidInputError } from '../../../base/errors.js'
import type { RowCondition } from '../../../store-engine/schema/generic-rows.js'
import { parseStored } from '../../../store-engine/schema/parse-stored.js'
import type { AttributeOnDisk, TypeOnDisk } from '../../../store-engine/schema/schema.js'

const STORE_ID: AttributeOnDisk = {
  name: 'storeID',
  kind: 'integer',
  sqltype: 'INTEGER',
  indexed: true,
  allowNull: false,
  doc: '',
}

/**
 * `attribute=value`, or `attribute:null` for rows without a value. A store may have any names for its attributes, so
 * the longest one that fits counts.
 *
 * @throws InvalidInputError where no attribute is named, or the value is none of its kind.
 */
export function parseWhere(typed: string, type: TypeOnDisk): RowCondition {
  const [attribute] = [STORE_ID, ...type.attributes]
    .filter(({ name }) => typed === `${name}:null` || typed.startsWith(`${name}=`))
    .sort((a, b) => b.name.length - a.name.length)
  if (attribute === undefined) {
    throw new InvalidInputError(`${type.typeName} has no such attribute: ${typed}`, {
      code: 'USAGE',
      hint: `write attribute=value or attribute:null, with one of ${['storeID', ...type.attributes.map(({ name }) => name)].join(', ')}`,
    })
  }
  const { name } = attribute
  const stored = typed === `${name}:null` ? null : parseStored(attribute, typed.slice(name.length + 1))
  return { attribute: attribute === STORE_ID ? null : name, stored }
}

import { NotFoundError } from '../../../base/errors.js'
import { didYouMean, nearestNames } from '../../../base/nearest-names.js'
import { findItemClass } from '../../../store-engine/items/registry.js'
import type { TypeOnDisk } from '../../../store-engine/schema/schema.js'
import type { Store } from '../../../store-engine/store.js'
import { openChosenStore } from '../../chosen-store.js'
import { type CommandContext, note } from '../../command-context.js'
import { describeStoredItem } from './describe-stored-item.js'
import { type CountedType, itemRowView, itemTypesView, itemView } from './item-views.js'
import type { ItemsOptions } from './items.js'
import { loadToolkitTypes } from './load-types.js'
import { parseWhere } from './where-option.js'

/** Every version of every type, with the number of its rows. */
export async function listItemTypes(options: ItemsOptions, context: CommandContext): Promise<void> {
  using chosen = await openChosenStore(context, options, { write: false })
  await loadToolkitTypes()
  await context.printer.list(itemTypesView, countedTypes(chosen.store), { empty: 'no item types' })
}

/** The rows of one version of a type, streamed. */
export async function listRows(typeName: string, options: ItemsOptions, context: CommandContext): Promise<void> {
  using chosen = await openChosenStore(context, options, { write: false })
  const { store } = chosen
  const type = chooseVersion(store, typeName, options.typeVersion)
  const others = otherVersions(store, type)
  if (options.typeVersion === undefined && others.length > 0)
    await note(context, `only version ${type.version} is listed; there are rows of version ${others.join(', ')} too`)
  const where = options.where?.map(typed => parseWhere(typed, type))
  const rows = store.rowsOf(type, { where, limit: options.limit, lenient: true })
  await context.printer.list(itemRowView(type, showing(options)), rows, { empty: `no such ${typeName}` })
}

/** Everything about one item. */
export async function showItem(storeID: number, options: ItemsOptions, context: CommandContext): Promise<void> {
  using chosen = await openChosenStore(context, options, { write: false })
  await loadToolkitTypes()
  await context.printer.record(itemView(showing(options)), describeStoredItem(chosen.store, storeID))
}

function showing({ secrets }: ItemsOptions): { readonly secrets: boolean } {
  return { secrets: secrets === true }
}

function* countedTypes(store: Store): Generator<CountedType> {
  for (const type of store.typesOnDisk())
    yield { type, rows: store.countOf(type), known: findItemClass(type.typeName) !== undefined }
}

/** @throws NotFoundError (`NO_SUCH_TYPE`) */
function chooseVersion(store: Store, typeName: string, version: number | undefined): TypeOnDisk {
  const versions = versionsOf(store, typeName)
  const wanted = versions.filter(type => version === undefined || type.version === version)
  const found = wanted.find(type => version !== undefined || store.countOf(type) > 0) ?? wanted[0]
  if (found !== undefined) return found
  const near = nearestNames(
    typeName,
    store.typesOnDisk().map(type => type.typeName),
  )
  const which = versions.length === 0 ? typeName : `${typeName} of version ${version}`
  throw new NotFoundError(`${store.describe()} holds no item type ${which}`, {
    code: 'NO_SUCH_TYPE',
    hint: (versions.length === 0 && didYouMean(near)) || 'list the types with: mantissa items',
    details: { type: typeName, version: version ?? null, similar: near },
  })
}

/** The newest first. */
function versionsOf(store: Store, typeName: string): readonly TypeOnDisk[] {
  const versions = store.typesOnDisk().filter(type => type.typeName === typeName)
  return versions.sort((a, b) => b.version - a.version)
}

function otherVersions(store: Store, shown: TypeOnDisk): readonly number[] {
  const others = versionsOf(store, shown.typeName).filter(type => type.version !== shown.version)
  return others.filter(type => store.countOf(type) > 0).map(type => type.version)
}

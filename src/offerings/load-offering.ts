/**
 * Running the code of offerings: the one place where a path becomes a module.
 *
 * Only what was declared is loaded (see `declarations`), and from a recorded source only after looking again at who
 * can write there. A loaded offering lives as long as the process.
 */
import { pathToFileURL } from 'node:url'
import type { NotFoundError } from '../base/errors.js'
import type { Site } from '../site/site.js'
import { type DeclaredOffering, listDeclaredOfferings } from './declarations.js'
import { findInstalledOffering } from './installed-offerings.js'
import { isOffering, type Offering } from './offering.js'
import { OfferingBrokenError, OfferingCodeMissingError, OfferingNotFoundError } from './offering-errors.js'
import { listSources } from './recorded-sources.js'
import { shareToolkit } from './share-toolkit.js'
import { assertTrustedSource } from './trusted-source.js'

/**
 * The offering of that name, its item types registered.
 *
 * @throws OfferingNotFoundError, OfferingCodeMissingError, UntrustedSourceError, OfferingBrokenError; nothing is changed on disk.
 */
export async function loadOffering(name: string, site?: Site): Promise<Offering> {
  const declared = listDeclaredOfferings(site)
  const wanted = declared.find(each => each.name === name)
  if (wanted === undefined) throw missing(name, declared, site)
  if (wanted.source !== 'bundled') admit(wanted, site)
  const offerings = await importOfferings(wanted.module)
  const found = offerings.find(each => each.name === name)
  if (found === undefined)
    throw new OfferingBrokenError(wanted.module, `it was declared to export ${name}, and does not`)
  return found
}

function missing(name: string, declared: readonly DeclaredOffering[], site: Site | undefined): NotFoundError {
  const installed = site && findInstalledOffering(site.store, name)
  if (installed !== undefined) return new OfferingCodeMissingError(installed.offeringName)
  return new OfferingNotFoundError(
    name,
    declared.map(each => each.name),
  )
}

/** Packages installed with the toolkit are trusted as the toolkit is. */
function admit(declared: DeclaredOffering, site: Site | undefined): void {
  const isRecorded = site !== undefined && listSources(site).some(source => source.path === declared.source)
  if (isRecorded) assertTrustedSource(declared.source)
  shareToolkit()
}

async function importOfferings(module: string): Promise<readonly Offering[]> {
  const exported = await importModule(module)
  const offerings = exported['offerings']
  if (!Array.isArray(offerings)) throw new OfferingBrokenError(module, 'it exports no list named "offerings"')
  if (!offerings.every(isOffering))
    throw new OfferingBrokenError(module, 'its list holds something that defineOffering of this toolkit did not make')
  return offerings
}

async function importModule(module: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(module).href)) as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new OfferingBrokenError(module, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

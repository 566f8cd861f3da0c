import { MantissaError } from '../../../base/errors.js'
import type { Site } from '../../../site/site.js'
import { type CommandContext, detail, note } from '../../command-context.js'

/** Makes every item type known that the toolkit has code for, its own offerings included. Runs no code of others. */
export async function loadToolkitTypes(): Promise<void> {
  await import('../../../upkeep/own-item-types.js')
  await import('../../../bundled/offerings.js')
}

/** The same, and the types of what is installed on the site, from the sources that it may load code from. */
export async function loadTypesOf(site: Site | undefined, context: CommandContext): Promise<void> {
  await loadToolkitTypes()
  if (site === undefined) return
  const { getInstalledOfferingNames } = await import('../../../offerings/installed-offerings.js')
  for (const name of getInstalledOfferingNames(site.store)) await loadTypesOfOffering(name, site, context)
}

/** An offering without code here is usual on a site of the original; one whose code cannot be loaded is not. */
async function loadTypesOfOffering(name: string, site: Site, context: CommandContext): Promise<void> {
  const { loadOffering } = await import('../../../offerings/load-offering.js')
  const { OfferingCodeMissingError } = await import('../../../offerings/offering-errors.js')
  try {
    await loadOffering(name, site)
  } catch (error) {
    if (!(error instanceof MantissaError)) throw error
    const tell = error instanceof OfferingCodeMissingError ? detail : note
    await tell(context, `the item types of ${name} are not known: ${error.message}`)
  }
}

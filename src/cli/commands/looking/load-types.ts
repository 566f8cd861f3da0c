/** Makes every item type known that the toolkit has code for, its own offerings included. Runs no code of others. */
export async function loadToolkitTypes(): Promise<void> {
  await import('../../../upkeep/own-item-types.js')
  await import('../../../bundled/offerings.js')
}

/**
 * Offerings: what can be installed on a site.
 *
 * An offering is a value that an author exports: a name, the powerups that it needs on the site store, those of its
 * application store, and those that a person can be endowed with. Installing it (`install-offering`) gives it an
 * application store of its own, at `files/app/<name>.axiom`, with an account named like the offering and no domain;
 * endowing a person (`endow`) installs its powerups in that person's store. Rows are those of the original, so a
 * site with our offerings still opens, lists and extracts there.
 *
 * Where offerings come from is the business of `declarations` (who says that they exist; data only) and
 * `load-offering` (their code). Code is loaded by the verbs that run it, never by those that read: a list of offerings
 * must not depend on whether every offering can be loaded, nor run what a stranger put into a directory.
 *
 * Left out: upgrading and uninstalling an offering, and what its pages look like.
 */
import { InvalidInputError } from '../base/errors.js'
import type { ItemConstructor } from '../store-engine/items/item.js'
import { registerItemTypes } from '../store-engine/items/registry.js'
import type { Interface } from '../store-engine/powerups/interface.js'
import type { Store } from '../store-engine/store.js'

/** Something that the site store must have before the offering can work. */
export interface SiteRequirement {
  /** Satisfied by whatever is a powerup for this; without it, by an installed item of the class. */
  readonly face?: Interface
  readonly itemClass: ItemConstructor
}

/** A powerup that people can be endowed with, one by one or all of an offering. */
export interface InstallablePowerup {
  /** Lower case, unique in its offering; what stands after the colon in `offering:powerup`. */
  readonly name: string
  readonly description: string
  /** Every attribute needs a default or must allow null: nobody is there to fill it in. */
  readonly itemClass: ItemConstructor
}

/** What is known of a site when an offering is installed on it. */
export interface SiteFacts {
  readonly hostname?: string
}

/** Writes what an offering wants in the site store besides its requirements; runs inside the installing transaction. */
export type SiteWriter = (siteStore: Store) => void

export interface OfferingSpec {
  readonly name: string
  readonly description: string
  /** Of the author's choosing, for people; `1.0.0` for instance. */
  readonly version?: string
  readonly siteRequirements?: readonly SiteRequirement[]
  /** Created and installed in the application store, in this order. */
  readonly appPowerups?: readonly ItemConstructor[]
  readonly installablePowerups?: readonly InstallablePowerup[]
  /** All classes whose items the offering stores; those named above need not be repeated. */
  readonly itemTypes?: readonly ItemConstructor[]
  /** Absolute path of a directory whose files anybody can read at `/static/<offering>/`. */
  readonly staticContentPath?: string
  /** Does what takes time before the installing transaction and returns what is to be written in it. */
  readonly prepareSite?: (facts: SiteFacts) => SiteWriter | Promise<SiteWriter>
}

type Optional = 'prepareSite' | 'staticContentPath'

export type Offering = Readonly<Required<Omit<OfferingSpec, Optional>>> & Pick<OfferingSpec, Optional>

/** What can be a directory, a segment of a URL and an account at once. */
export const OFFERING_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

const defined = new WeakSet<object>()

/**
 * An offering out of its description; its item types are registered.
 *
 * @throws InvalidInputError (`OFFERING_INVALID`) for a name that cannot be a directory, a URL segment and an account
 *   at once, and for powerups of one name.
 */
export function defineOffering(spec: OfferingSpec): Offering {
  const { siteRequirements = [], appPowerups = [], installablePowerups = [], itemTypes = [] } = spec
  assertNames(spec.name, installablePowerups)
  const named = [...siteRequirements, ...installablePowerups].map(each => each.itemClass)
  const all = [...new Set([...itemTypes, ...named, ...appPowerups])]
  registerItemTypes(...all)
  const offering = Object.freeze({
    ...spec,
    version: spec.version ?? '0.0.0',
    siteRequirements,
    appPowerups,
    installablePowerups,
    itemTypes: all,
  })
  defined.add(offering)
  return offering
}

/** Whether a value came out of this very {@link defineOffering}, not out of another copy of the toolkit. */
export function isOffering(value: unknown): value is Offering {
  return typeof value === 'object' && value !== null && defined.has(value)
}

/**
 * The name under which products and installations know a powerup class: the original's dotted class name where the
 * original has the class, else the typeName, which is unique as well.
 */
export function classNameOf(itemClass: ItemConstructor): string {
  const { module, typeName } = itemClass.itemType
  return module === 'axiom.item' ? typeName : `${module}.${itemClass.name}`
}

function assertNames(name: string, powerups: readonly InstallablePowerup[]): void {
  if (!OFFERING_NAME.test(name))
    throw refuse(`offering name ${JSON.stringify(name)} is not made of letters, digits, "-", "_" and "."`, name)
  const names = powerups.map(powerup => powerup.name)
  for (const powerup of names)
    if (!/^[a-z0-9][a-z0-9_-]*$/.test(powerup))
      throw refuse(`offering ${name}: powerup name ${JSON.stringify(powerup)} is not made of a-z, 0-9, "-", "_"`, name)
  if (new Set(names).size < names.length) throw refuse(`offering ${name} has two powerups of one name`, name)
}

function refuse(message: string, offering: string): InvalidInputError {
  return new InvalidInputError(message, {
    code: 'OFFERING_INVALID',
    hint: 'correct the call of defineOffering',
    details: { offering },
  })
}

import { ConflictError, InvalidInputError } from '../../base/errors.js'
import type { ActionOutcome, FormFields, ShownPage } from '../../sharing/pages/page.js'
import type { RefusedAction } from '../../sharing/pages/private-page.js'
import { notFound } from '../refusal.js'
import { type Occasion, OwnersRequest } from './private-request.js'
import type { FoundPage } from './shell.js'

/** What came of an action: where to go, or the page again. */
export type Performed =
  | { readonly outcome: ActionOutcome | undefined; readonly path: string }
  | { readonly page: ShownPage | Promise<ShownPage>; readonly refused: RefusedAction; readonly status: number }

export interface Posted extends FoundPage {
  readonly privateKey: bigint
  readonly action: string
  readonly fields: FormFields
}

/** @throws WebRefusal (404) for what is no action of the page, and whatever else than a refusal the action throws. */
export function perform(occasion: Occasion, { item, page, privateKey, action, fields }: Posted): Performed {
  const deed = Object.hasOwn(page.actions ?? {}, action) ? page.actions?.[action] : undefined
  if (deed === undefined) throw notFound()
  const acting = new OwnersRequest(occasion, { item, privateKey }, { acts: true })
  try {
    return { outcome: item.store.transact(() => deed(item, fields, acting)), path: acting.path }
  } catch (error) {
    if (!isRefusal(error) || tellsAPlace(error, occasion)) throw error
    const refused: RefusedAction = { action, fields, reason: sentenceOf(error) }
    const again = new OwnersRequest(occasion, { item, privateKey }, { refused })
    return { page: page.html(item, again), refused, status: error instanceof ConflictError ? 409 : 400 }
  }
}

function isRefusal(error: unknown): error is InvalidInputError | ConflictError {
  return error instanceof InvalidInputError || error instanceof ConflictError
}

/** Where the site lies on the disk is no business of people who use it. */
function tellsAPlace({ message }: Error, { host }: Occasion): boolean {
  return message.includes(host.site.directory)
}

/** Messages begin with a small letter and have no stop; hints are for people at a command line. */
function sentenceOf({ message }: Error): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`
}

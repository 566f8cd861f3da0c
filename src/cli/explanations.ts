/**
 * The text behind every error code and every finding of a check, one table for each folder that throws. A test collects the codes of the whole source
 * and demands that each is explained here, so a new code comes with its explanation in `explanations/<folder>.ts`.
 */
import { ACCOUNTS_EXPLANATIONS } from './explanations/accounts.js'
import { ADMINISTRATION_EXPLANATIONS } from './explanations/administration.js'
import { BASE_EXPLANATIONS } from './explanations/base.js'
import { CHECK_EXPLANATIONS } from './explanations/checks.js'
import { COMMAND_LINE_EXPLANATIONS } from './explanations/command-line.js'
import type { Explanations } from './explanations/explanation.js'
import { FAMILY_EXPLANATIONS } from './explanations/families.js'
import { NODE_EXPLANATIONS } from './explanations/node.js'
import { OFFERING_EXPLANATIONS } from './explanations/offerings.js'
import { PORT_EXPLANATIONS } from './explanations/ports.js'
import { SCHEDULING_EXPLANATIONS } from './explanations/scheduling.js'
import { SHARING_EXPLANATIONS } from './explanations/sharing.js'
import { SITE_EXPLANATIONS } from './explanations/site.js'
import { STORE_ENGINE_EXPLANATIONS } from './explanations/store-engine.js'
import { TRANSFER_EXPLANATIONS } from './explanations/transfer.js'
import { UPKEEP_EXPLANATIONS } from './explanations/upkeep.js'
import { WEB_EXPLANATIONS } from './explanations/web.js'
import { WEB_SETTING_EXPLANATIONS } from './explanations/web-settings.js'

export const EXPLANATIONS: Explanations = {
  ...FAMILY_EXPLANATIONS,
  ...BASE_EXPLANATIONS,
  ...STORE_ENGINE_EXPLANATIONS,
  ...SITE_EXPLANATIONS,
  ...SCHEDULING_EXPLANATIONS,
  ...ACCOUNTS_EXPLANATIONS,
  ...OFFERING_EXPLANATIONS,
  ...SHARING_EXPLANATIONS,
  ...PORT_EXPLANATIONS,
  ...WEB_SETTING_EXPLANATIONS,
  ...TRANSFER_EXPLANATIONS,
  ...UPKEEP_EXPLANATIONS,
  ...NODE_EXPLANATIONS,
  ...ADMINISTRATION_EXPLANATIONS,
  ...CHECK_EXPLANATIONS,
  ...WEB_EXPLANATIONS,
  ...COMMAND_LINE_EXPLANATIONS,
}

import { formatDuration, formatSize } from '../../../base/duration-size.js'
import type { JsonObject } from '../../../base/json.js'
import type { Site } from '../../../site/site.js'
import type { ApplicationPlan } from '../../../transfer/applications/plan-application.js'
import type { PlanOutcome } from '../../../transfer/batch/batch-options.js'
import type { TransferPlan } from '../../../transfer/plan-transfer.js'
import type { View } from '../../view.js'
import { failureIn } from './failure-in.js'

/** One user of a `transfer-user --dry-run`: what the move would be, or why there can be none. */
export interface PlannedUser {
  readonly status: PlanOutcome['status']
  readonly address: string
  readonly from: string
  readonly to: string
  /** Null where nothing would be moved. */
  readonly plan: TransferPlan | null
  readonly code: string | null
  readonly message: string | null
}

export const plannedUserView: View<PlannedUser> = {
  status: { title: 'status', value: ({ status }) => status },
  address: { title: 'address', value: ({ address }) => address },
  addresses: { title: 'addresses', value: ({ address, plan }) => plan?.addresses ?? [address] },
  application: {
    title: 'offering',
    value: ({ plan }) => applicationIn(plan),
    text: ({ plan }) => plan?.application?.offering ?? '',
  },
  from: { title: 'from', value: ({ from }) => from },
  to: { title: 'to', value: ({ to }) => to },
  storeId: { title: 'store id', value: ({ plan }) => plan?.storeId ?? null, jsonOnly: true },
  databaseBytes: {
    title: 'database',
    value: ({ plan }) => plan?.databaseBytes ?? null,
    text: ({ plan }) => (plan === null ? '' : formatSize(plan.databaseBytes)),
    align: 'right',
  },
  files: { title: 'files', value: ({ plan }) => plan?.files ?? null, align: 'right' },
  fileBytes: {
    title: 'size of files',
    value: ({ plan }) => plan?.fileBytes ?? null,
    text: ({ plan }) => (plan === null ? '' : formatSize(plan.fileBytes)),
    align: 'right',
  },
  freezeMs: {
    title: 'freeze at most about',
    value: ({ plan }) => plan?.freezeMs ?? null,
    text: ({ plan }) => (plan === null ? '' : formatDuration(plan.freezeMs)),
    align: 'right',
  },
  unknownTypes: { title: 'item types without code', value: ({ plan }) => plan?.unknownTypes ?? [], jsonOnly: true },
  missingOfferings: { title: 'missing offerings', value: ({ plan }) => plan?.missingOfferings ?? [], jsonOnly: true },
  warnings: {
    title: 'warnings',
    value: ({ plan }) => plan?.warnings ?? [],
    text: ({ plan }) => (plan?.warnings ?? []).join('; '),
  },
  code: { title: 'code', value: ({ code }) => code },
  message: { title: 'message', value: ({ message }) => message },
}

/** What it says in sentences is among the plan's warnings. */
function applicationIn(plan: TransferPlan | null): JsonObject | null {
  const application = plan?.application ?? null
  if (application === null) return null
  const { warnings: _, ...rest }: ApplicationPlan = application
  return { ...rest }
}

interface Sites {
  readonly source: Site
  readonly target: Site
}

export function plannedUserOf(outcome: PlanOutcome, sites: Sites): PlannedUser {
  if (outcome.status === 'planned') return plannedUser(outcome.plan)
  if (outcome.status === 'already') return alreadyPlanned(outcome.address, sites)
  const { status, address, error } = outcome
  return { ...alreadyPlanned(address, sites), status, ...failureIn(error) }
}

export function plannedUser(plan: TransferPlan): PlannedUser {
  const { address, from, to } = plan
  return { status: 'planned', address, from, to, plan, code: null, message: null }
}

/** Somebody who is at the target and need not be moved. */
export function alreadyPlanned(address: string, { source, target }: Sites): PlannedUser {
  const places = { from: source.directory, to: target.directory }
  return { status: 'already', address, ...places, plan: null, code: null, message: null }
}

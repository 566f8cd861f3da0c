import type { FastifyInstance } from 'fastify'
import { html } from '../../../base/html.js'
import { stringifyJson } from '../../../base/json.js'
import { type AuditRecord, listAudit } from '../../../site/audit.js'
import { numberIn, pager, type TableColumn, tableOf, timeOf } from '../table.js'
import { showAt } from '../visit.js'

const PAGE = 50

const COLUMNS: readonly TableColumn<AuditRecord>[] = [
  { heading: 'When', cell: ({ at }) => timeOf(at) },
  { heading: 'Who', cell: whoOf },
  { heading: 'What', cell: ({ verb }) => verb },
  { heading: 'With', cell: ({ args }) => html`<code>${shortened(stringifyJson(args))}</code>` },
  { heading: 'Result', cell: ({ result }) => result },
]

/** Who changed what: on the command line and on the web. */
export function registerAudit(scope: FastifyInstance): void {
  showAt(scope, { path: '/audit', rights: ['users'] }, ({ site, query }) => {
    const records = listAudit(site, PAGE + 1, numberIn(query.get('after')))
    const shown = records.slice(0, PAGE)
    const after = records.length > PAGE ? shown.at(-1)?.id : undefined
    const body = html`<p class="quiet">Every change of this site, the newest first. Times are UTC.</p>
${tableOf({ caption: 'Changes of this site', columns: COLUMNS, rows: shown, empty: 'Nothing was recorded.' })}
${pager({ path: '/admin/audit', kept: {}, after })}`
    return { title: 'Audit log', body }
  })
}

/** On the command line the user of the system and, with sudo, who that was; on the web an address, and whence. */
function whoOf({ uid, user, sudoUser, host }: AuditRecord): string {
  const name = sudoUser ?? user ?? (uid === null ? 'nobody knows' : `uid ${uid}`)
  return host === null ? name : `${name} (${host})`
}

function shortened(text: string): string {
  return text.length > 400 ? `${text.slice(0, 400)} …` : text
}

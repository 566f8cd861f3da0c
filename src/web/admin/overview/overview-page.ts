/**
 * What the node is doing now, for somebody who looks: rates and durations of the last hour as plots, what runs, and how
 * large the stores are. The page shows itself anew every few seconds, by a small script that fetches only this part, or
 * without scripts by the browser.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { formatSize } from '../../../base/duration-size.js'
import { type Html, html } from '../../../base/html.js'
import { assetUrl, defineAsset } from '../../assets.js'
import { pathOf } from '../../send-page.js'
import { type Administrator, administratorOf } from '../administrator.js'
import { barOf, plotOf } from '../plot.js'
import { type TableColumn, tableOf, timeOf } from '../table.js'
import { type Answered, Traffic, type TrafficSample } from '../traffic.js'
import { showAt } from '../visit.js'
import { LIVE_SCRIPT } from './live-script.js'
import { nodeFacts } from './node-facts.js'
import { type MeasuredSizes, type SizedStore, StoreSizes } from './store-sizes.js'

const SCRIPT = 'live.js'
defineAsset(SCRIPT, LIVE_SCRIPT)

const LIVE = '/admin/overview/live'

/** Registers the page; the traffic of all routes is noted by `app`, the application itself. */
export function registerOverview(scope: FastifyInstance, app: FastifyInstance): void {
  const traffic = new Traffic()
  const sizes = new StoreSizes(app.web.host.site)
  app.addHook('onResponse', (request, reply, done) => {
    traffic.note(answeredBy(request, reply.statusCode, reply.elapsedTime))
    done()
  })
  app.addHook('onClose', () => sizes.close())
  const live = ({ rights }: Administrator): Html => {
    sizes.refresh().catch((err: unknown) => app.web.host.log.warn({ reason: String(err) }, 'store sizes are unknown'))
    return html`${plots(traffic.history())}${nodeFacts(app.web.host.state())}
${rights.has('users') ? html`<h2>Largest stores</h2>${sizeParts(sizes.measured)}` : null}`
  }
  showAt(scope, { path: '/', rights: [] }, ({ administrator }) => ({
    title: 'Administration',
    body: html`<div data-live="${LIVE}">${live(administrator)}</div>
<noscript><p><a href="/admin">Show it anew</a></p></noscript>`,
    scripts: [assetUrl(SCRIPT)],
  }))
  scope.get('/overview/live', { config: { rights: [] } }, (request, reply) => {
    const part = live(administratorOf(request))
    return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(String(part))
  })
}

/** A login is a form that was posted to the login page; where it led anywhere it was accepted. */
function answeredBy(request: FastifyRequest, status: number, milliseconds: number): Answered {
  const isLogin = request.method === 'POST' && pathOf(request) === '/login'
  return { status, milliseconds, login: isLogin ? (status < 400 ? 'accepted' : 'refused') : undefined }
}

function plots(history: readonly TrafficSample[]): Html {
  const since = '1 h ago'
  const perSecond = (count: (sample: TrafficSample) => number) =>
    history.map(sample => count(sample) / Traffic.slotSeconds)
  return html`<h2>The last hour</h2><div class="plots">
${plotOf({
  title: 'Requests',
  unit: 'a second',
  since,
  lines: [
    { name: 'All', values: perSecond(each => each.requests) },
    { name: 'Failed here', values: perSecond(each => each.failures) },
  ],
})}
${plotOf({
  title: 'Time to an answer',
  unit: 'ms',
  since,
  lines: [
    { name: 'Half within', values: history.map(each => each.p50) },
    { name: '95 % within', values: history.map(each => each.p95) },
  ],
})}
${plotOf({
  title: 'Logins',
  unit: 'in 10 s',
  since,
  lines: [
    { name: 'Accepted', values: history.map(each => each.logins) },
    { name: 'Refused', values: history.map(each => each.refusedLogins) },
  ],
})}</div>`
}

const SIZES: readonly TableColumn<SizedStore & { readonly part: number }>[] = [
  {
    heading: 'Owner',
    cell: ({ accountId, name }) => (name.includes('@') ? html`<a href="/admin/users/${accountId}">${name}</a>` : name),
  },
  { heading: '', cell: ({ part }) => barOf(part) },
  { heading: 'Database', cell: ({ bytes }) => formatSize(bytes), isNumber: true },
]

function sizeParts(measured: MeasuredSizes | undefined): Html {
  if (measured === undefined) return html`<p class="quiet">They are being measured.</p>`
  const { largest, stores, bytes, at } = measured
  const most = Math.max(1, ...largest.map(store => store.bytes))
  const rows = largest.map(store => ({ ...store, part: store.bytes / most }))
  return html`<p class="quiet">${stores} stores with databases of ${formatSize(bytes)}, at ${timeOf(new Date(at).toISOString())} UTC.</p>
${tableOf({ caption: 'Largest stores', columns: SIZES, rows, empty: 'There are no stores.' })}`
}

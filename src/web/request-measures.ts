import type { FastifyInstance } from 'fastify'

/** Seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Counts requests and their durations by the pattern of the route, so that strangers cannot invent labels. */
export function registerRequestMeasures(app: FastifyInstance): void {
  const { measures } = app.web.host
  const requests = measures.counter('mantissa_http_requests_total', 'Requests answered', ['method', 'route', 'status'])
  const seconds = measures.histogram('mantissa_http_request_seconds', 'Durations of requests', ['route'], BUCKETS)
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    requests.add({ method: methodOf(request.method), route, status: `${Math.floor(reply.statusCode / 100)}xx` })
    seconds.observe(reply.elapsedTime / 1000, { route })
    done()
  })
}

function methodOf(method: string): string {
  return method === 'GET' || method === 'POST' || method === 'HEAD' ? method : 'other'
}

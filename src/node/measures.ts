import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Labels, Measures } from '../offerings/services.js'

/** What a node counts, in the form that Prometheus reads; one registry for each node. */
export class NodeMeasures implements Measures {
  readonly #registry = new Registry()

  constructor() {
    collectDefaultMetrics({ register: this.#registry })
  }

  counter(name: string, help: string, labels: readonly string[] = []) {
    const known = this.#registry.getSingleMetric(name) as Counter | undefined
    const counter = known ?? new Counter({ name, help, labelNames: [...labels], registers: [this.#registry] })
    return { add: (values: Labels = {}, count = 1) => counter.inc({ ...values }, count) }
  }

  histogram(name: string, help: string, labels: readonly string[] = [], buckets?: readonly number[]) {
    const known = this.#registry.getSingleMetric(name) as Histogram | undefined
    const given = buckets === undefined ? {} : { buckets: [...buckets] }
    const histogram =
      known ?? new Histogram({ name, help, labelNames: [...labels], registers: [this.#registry], ...given })
    return { observe: (value: number, values: Labels = {}) => histogram.observe({ ...values }, value) }
  }

  gauge(name: string, help: string, read: () => number): void {
    this.#registry.removeSingleMetric(name)
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read())
      },
    })
  }

  /** The text of `/metrics`, and its content type. */
  async page(): Promise<{ readonly type: string; readonly text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() }
  }
}

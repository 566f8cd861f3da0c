import type { FastifyInstance } from 'fastify'
import { MantissaError } from '../../base/errors.js'
import { findInstalledOffering } from '../../offerings/installed-offerings.js'
import { loadOffering } from '../../offerings/load-offering.js'
import type { Site } from '../../site/site.js'
import { notFound } from '../refusal.js'
import { pathSegments, sendFileOf } from './static-content.js'

/** The files that an installed offering brings along, at `/static/<offering>/`. */
export function registerOfferingFiles(app: FastifyInstance): void {
  const known = new Map<string, string | undefined>()
  app.get<{ Params: { offering: string } }>('/static/:offering/*', async (request, reply) => {
    const { site } = app.web.host
    const name = findInstalledOffering(site.store, request.params.offering)?.offeringName
    if (name === undefined) throw notFound()
    if (!known.has(name)) known.set(name, await directoryOf(site, name))
    const directory = known.get(name)
    const segments = pathSegments(request.url)?.slice(2)
    if (directory === undefined || segments === undefined) throw notFound()
    if (!(await sendFileOf(directory, segments, { request, reply }))) throw notFound()
    return reply
  })
}

async function directoryOf(site: Site, name: string): Promise<string | undefined> {
  try {
    return (await loadOffering(name, site)).staticContentPath
  } catch (error) {
    if (error instanceof MantissaError) return undefined
    throw error
  }
}

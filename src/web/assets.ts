/**
 * The style sheet, scripts and pictures of our own, at `/static/mantissa/`. They are texts of this program, so that
 * there is nothing to build, and their addresses change with them, so that browsers may keep them for ever.
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { ICON } from './assets/icon.js'
import { STYLE_SHEET } from './assets/style-sheet.js'
import { notFound } from './refusal.js'

interface Asset {
  readonly type: string
  readonly text: string
  readonly version: string
}

const assets = new Map<string, Asset>()

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Serves `text` at `/static/mantissa/<name>`; `name` ends in `.css`, `.js` or `.svg`. */
export function defineAsset(name: string, text: string): void {
  const type = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'text/plain; charset=utf-8'
  assets.set(name, { type, text, version: createHash('sha256').update(text).digest('hex').slice(0, 12) })
}

/** The address of what {@link defineAsset} has defined. */
export function assetUrl(name: string): string {
  return `/static/mantissa/${name}?v=${assets.get(name)?.version ?? ''}`
}

export function registerAssets(app: FastifyInstance): void {
  app.get<{ Params: { name: string }; Querystring: { v?: string } }>('/static/mantissa/:name', (request, reply) => {
    const asset = assets.get(request.params.name)
    if (asset === undefined) throw notFound()
    const isCurrent = request.query.v === asset.version
    return reply
      .header('cache-control', isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache')
      .header('etag', `"${asset.version}"`)
      .type(asset.type)
      .send(asset.text)
  })
}

defineAsset('mantissa.css', STYLE_SHEET)
defineAsset('mantissa.svg', ICON)

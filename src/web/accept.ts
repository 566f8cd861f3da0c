import type { FastifyRequest } from 'fastify'

/** Whether JSON is wanted more than HTML; whoever says nothing, or that anything will do, gets HTML. */
export function wantsJson(request: FastifyRequest): boolean {
  const { accept } = request.headers
  if (accept === undefined || !accept.includes('json')) return false
  return (
    weightOf(accept, /^application\/(?:[\w.-]+\+)?json$/i) >
    weightOf(accept, /^(?:text\/html|application\/xhtml\+xml)$/i)
  )
}

/** The highest q-value that an Accept header gives to one of the types; 0 where it names none. */
function weightOf(accept: string, type: RegExp): number {
  const weights = accept.split(',').map(range => {
    const [name = '', ...parameters] = range.split(';').map(part => part.trim())
    if (!type.test(name)) return 0
    const quality = parameters.find(parameter => /^q=/i.test(parameter))
    const weight = quality === undefined ? 1 : Number(quality.slice(2))
    return weight >= 0 && weight <= 1 ? weight : 0
  })
  return Math.max(...weights)
}

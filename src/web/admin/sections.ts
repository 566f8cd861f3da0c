import { type Html, html } from '../../base/html.js'
import type { AdministrativeRight } from '../../offerings/administrator.js'
import type { Visit } from './visit.js'

interface Section {
  readonly path: string
  readonly text: string
  readonly rights: readonly AdministrativeRight[]
}

const SECTIONS: readonly Section[] = [
  { path: '/admin', text: 'Overview', rights: [] },
  { path: '/admin/users', text: 'Users', rights: ['users', 'offerings'] },
  { path: '/admin/offerings', text: 'Offerings', rights: ['offerings'] },
  { path: '/admin/products', text: 'Products', rights: ['products'] },
  { path: '/admin/ports', text: 'Ports', rights: ['ports'] },
  { path: '/admin/sessions', text: 'Sessions', rights: ['users'] },
  { path: '/admin/shares', text: 'Shares', rights: ['users'] },
  { path: '/admin/events', text: 'Events', rights: ['users'] },
  { path: '/admin/audit', text: 'Audit log', rights: ['users'] },
]

/** Links to the parts of the administration that somebody may see. */
export function sectionLinks({ administrator, path }: Pick<Visit, 'administrator' | 'path'>): Html {
  const { rights } = administrator
  const seen = SECTIONS.filter(
    section => section.rights.length === 0 || section.rights.some(right => rights.has(right)),
  )
  return html`<nav aria-label="Administration"><ul>${seen.map(section => html`<li>${linkTo(section, path)}</li>`)}</ul></nav>`
}

function linkTo({ path, text }: Section, current: string): Html {
  const isHere = current === path || (path !== '/admin' && current.startsWith(`${path}/`))
  return isHere ? html`<a href="${path}" aria-current="page">${text}</a>` : html`<a href="${path}">${text}</a>`
}

/**
 * What those who show items know of the page they show them on: the contract between an offering, which knows its
 * items, and the web server, which knows requests. Nothing here speaks HTTP.
 */
import type { Html } from '../../base/html.js'

/** Who looks. */
export interface Viewer {
  /** The first name under which the viewer has logged in; null for somebody who has not. */
  readonly address: string | null
}

export interface PageRequest {
  readonly viewer: Viewer
  /** Path of the page itself, encoded, without query. */
  readonly path: string
  readonly query: URLSearchParams
  /**
   * A form that posts its fields to an action of this page, with the field that protects against forgery. `fields` are
   * its controls, the button among them.
   */
  form(action: string, fields: Html): Html
}

export interface ShownPage {
  /** Heading and title of the page; plain text. */
  readonly title: string
  /** What stands below the heading. */
  readonly body: Html
}

/** The fields of a form that was posted; a file that somebody attached is not among them. */
export interface FormFields {
  /** The value, `''` where the field is missing; of several the first. */
  text(name: string): string
  all(name: string): readonly string[]
  has(name: string): boolean
}

/** What happens after an action: another page of this site is shown, or the same one again where nothing is given. */
export interface ActionOutcome {
  /** A path of this site. */
  readonly goTo?: string
  /** One sentence that is shown there. */
  readonly notice?: string
}

import { type Html, html } from '../base/html.js'
import { assetUrl } from './assets.js'
import type { NavigationLink } from './web.js'

/** What stands around a page. */
export interface Frame {
  readonly siteName: string
  /** What links to other pages of the site begin with; `/` but on hosts that are not the site's own. */
  readonly root: string
  readonly title: string
  readonly body: Html
  readonly navigation: readonly NavigationLink[]
  /** Path of the page, by which the navigation shows where one is. */
  readonly path: string
  readonly notice: string | undefined
  /** Who has logged in and how to leave; or how to come in. */
  readonly account: Html
  /** Addresses of scripts of ours. */
  readonly scripts?: readonly string[]
}

/** The whole document. It is readable without styles and scripts, and works at any width. */
export function frameDocument(frame: Frame): string {
  const { siteName, title, body } = frame
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title === siteName ? title : `${title} – ${siteName}`}</title>
<link rel="stylesheet" href="${assetUrl('mantissa.css')}">
<link rel="icon" href="${assetUrl('mantissa.svg')}" type="image/svg+xml">
${(frame.scripts ?? []).map(src => html`<script src="${src}" defer></script>`)}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="site">
<a class="site-name" href="${frame.root}">${siteName}</a>
${navigation(frame)}
<div class="account">${frame.account}</div>
</header>
<main id="content" tabindex="-1">
${frame.notice === undefined ? null : html`<p class="notice" role="status">${frame.notice}</p>`}
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`)
}

function navigation(frame: Frame): Html | null {
  const { navigation: links } = frame
  if (links.length === 0) return null
  const items = links.map(link => html`<li>${linkTo(link, frame)}</li>`)
  return html`<nav aria-label="Site"><ul>${items}</ul></nav>`
}

function linkTo({ path, text }: NavigationLink, { path: current, root }: Frame): Html {
  const target = `${root}${path.slice(1)}`
  return path === current
    ? html`<a href="${target}" aria-current="page">${text}</a>`
    : html`<a href="${target}">${text}</a>`
}

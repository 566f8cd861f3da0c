import { notesOf, writeNote } from './notes-site.js'
import type { WebBrowser } from './web-browser.js'

/** Writes a note and shares it with everybody; its own page and its public one. */
export async function publicNote(browser: WebBrowser, title: string): Promise<{ own: string; shown: string }> {
  const own = await writeNote(browser, { title })
  await browser.submit(own, `${own}/share`, { with: 'Everyone' })
  const { text } = await browser.get(own)
  const [, shown = ''] = /<a href="(\/users\/[^"]*)">its own page/.exec(text) ?? []
  return { own, shown }
}

/** How often a note with that title is among somebody's notes. */
export async function countNotes(browser: WebBrowser, title: string): Promise<number> {
  const home = await notesOf(browser)
  const { text } = await browser.get(`${home}?q=${encodeURIComponent(title)}`)
  return text.split(`>${title}</a>`).length - 1
}

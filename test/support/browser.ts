/**
 * A real browser: Debian's Chromium, driven by playwright-core. Where there is none, the tests that need one are skipped
 * and say so (`setup.mjs --browser` installs it where it can). `CHROMIUM` names another one.
 *
 * With `SCREENSHOTS=<directory>` every page that a test photographs is kept there, to be looked at.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { describe } from 'vitest'
import { atEnd } from './at-end.js'

const PLACES = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
const executablePath = PLACES.find(place => place !== '' && existsSync(place))
const screenshots = process.env['SCREENSHOTS']

/** `describe` where there is a browser. Its tests may take long on a machine that has much else to do. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (executablePath === undefined) describe.skip(`${name} (skipped: needs the Debian package chromium)`, tests)
  else describe(name, { timeout: 120_000 }, tests)
}

/** A browser until the running test ends, or its file (`at-end`). */
export async function startBrowser(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0
  const browser = await chromium.launch({ executablePath: executablePath ?? '', args: asRoot ? ['--no-sandbox'] : [] })
  atEnd(() => browser.close())
  return browser
}

/** Somebody at a browser of their own: nobody else's cookies. Nothing waits longer than half a minute. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  context.setDefaultTimeout(30_000)
  return context.newPage()
}

/** Keeps what a page looks like, where somebody has asked for it. */
export async function photograph(page: Page, name: string): Promise<void> {
  if (screenshots === undefined) return
  mkdirSync(screenshots, { recursive: true })
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
}

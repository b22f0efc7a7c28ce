// One browser for a file of tests, and visits in it that notice what goes wrong behind the page.
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const out = new URL('../out/', import.meta.url).pathname

export function launch (options = {}) {
  return chromium.launch({
    ...options,
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync']
  })
}

export const phone = { width: 320, height: 640 }
export const desk = { width: 1280, height: 900 }

// visit opens a page in a context of its own. Its troubles fill with console errors, refusals of the content security
// policy, failed or foreign requests, in words.
export async function visit (browser, url, options = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: phone, reducedMotion: 'reduce', locale: 'en-GB', ...options })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const troubles = []
  page.on('console', message => {
    const whole = message.location().url
    // A refused page is asserted by its status; the browser also writes a line about it.
    if (message.type() === 'error' && !(message.text().startsWith('Failed to load resource') && whole === page.url())) {
      troubles.push(`console: ${message.text()}`)
    }
  })
  page.on('pageerror', error => troubles.push(`script: ${error.message}`))
  page.on('request', request => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) troubles.push(`asks another host: ${request.url()}`)
  })
  page.on('response', response => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) troubles.push(`${response.status()} ${response.url()}`)
  })
  return { context, page, troubles, close: () => context.close() }
}

// picture keeps what the page looks like, for whoever looks into a failure.
export async function picture (page, name) {
  mkdirSync(out, { recursive: true })
  await page.screenshot({ path: `${out}${name.replace(/[^a-z0-9-]+/gi, '_')}.png`, fullPage: true })
}

// signIn follows a one-time link and returns the state of a browser that is signed in.
export async function signIn (browser, url, link) {
  const { context, page, close } = await visit(browser, url)
  await page.goto(link)
  await page.locator('main button[type=submit]').click()
  await page.waitForURL('**/staff')
  const state = await context.storageState()
  await close()
  return state
}

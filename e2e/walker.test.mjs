// Every page there is, in every language, for everyone who may see it, on a phone and on a desk.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { desk, phone, signIn, visit } from './lib/browser.mjs'
import { access, language, layout, shape } from './lib/checks.mjs'
import { setUp } from './lib/journey.mjs'
import { languages } from './lib/languages.mjs'
import { fill, harvest } from './lib/places.mjs'
import { routes } from './lib/program.mjs'
import { employ, signInHalf } from './lib/staff.mjs'
import { sharing, states, vote } from './lib/voice.mjs'

const { program, browser } = await setUp()

const roles = ['author', 'analyst', 'board', 'administrator']
const areas = { administrator: null, author: 'north-vale', analyst: 'north-vale', board: 'north-vale' }
const who = { nobody: undefined }
for (const role of roles) who[role] = await signIn(browser, program.url, program.links[role])
Object.assign(who, await states(browser, program))
who.voted = await vote(browser, program, 'early-help')
await employ(browser, program, who.administrator)
const found = await harvest(browser, program, who.administrator)
program.links.author = program.links['other-analyst'] // the others are used up

// visitors says who goes to a route.
function visitors ({ pattern, guard }) {
  if (pattern === '/staff/code') return ['half']
  if (/^\/k(\/(still|leave))?$/.test(pattern)) return ['nobody', 'sharing']
  if (!guard.public) return ['nobody', ...roles]
  if (/\/(poster|cards)$/.test(pattern)) return ['nobody'] // the same for all
  if (pattern.endsWith('/q/:question')) return ['begun', 'answered']
  if (pattern.startsWith('/b/:budget/')) return ['nobody', 'voted']
  return pattern.startsWith('/s/:survey/') ? ['begun', 'answered', 'sent'] : ['nobody']
}

// expected is the status that the visitor must meet there.
function expected ({ pattern, guard }, visitor, place) {
  if (/^\/b\/:budget\/(outcome|steps|votes)$/.test(pattern)) return found.outcomes.has(place.budget) ? 200 : 404
  if (pattern === '/b/:budget/interim') return found.standing.has(place.budget) ? 200 : 404
  if (pattern.startsWith('/r/:survey')) return found.published.has(place.survey) ? 200 : 404
  if (pattern === '/i/:code') return 422
  if (guard.public || visitor === 'nobody' || visitor === 'administrator') return 200
  if (!(guard.roles ?? []).includes(visitor)) return 403
  return guard.in_area && place.area !== areas[visitor] ? 404 : 200
}

// What is asked for beside the plain page.
function variants (pattern, visitor) {
  if (pattern === '/s/:survey/q/:question' && visitor === 'answered') return ['?change=1']
  if (pattern === '/b/:budget/steps') return ['', '?step=2']
  return /^\/[sb]\/:\w+\/who$/.test(pattern) ? ['', '?new=1', '?change=1'] : ['']
}

const met = new Set()

// known says whether the very same page was looked at before: tokens of forms aside, and its address where it is refused.
function known (html, status, path) {
  html = html.replace(/name="_csrf" value="[^"]*"/g, '')
  if (status >= 400) html = html.replaceAll(path, '')
  const key = createHash('sha256').update(html).digest('base64')
  return met.has(key) || !met.add(key)
}

const shapes = new Set()

// sameShape says whether axe has seen a page of this shape: it differs by its words and addresses alone.
async function sameShape (page, viewport) {
  const key = createHash('sha256').update(viewport.width + await shape(page)).digest('base64')
  return shapes.has(key) || !shapes.add(key)
}

// deep says whether axe looks at a page at a width: on a phone at every page in every language, on a desk in one
// language of each direction. Where only an earlier answer differs, one of each direction on a phone is enough.
function deep (pattern, visitor, lang, viewport) {
  const both = ['en', 'ur'].includes(lang)
  if (pattern.endsWith('/q/:question') && visitor !== 'begun') return both && viewport === phone
  return both || viewport === phone
}

// look returns what is wrong with the page that is open.
async function look (page, pattern, visitor, lang) {
  const here = new Set(await language(page, lang))
  for (const viewport of [phone, desk]) {
    await page.setViewportSize(viewport)
    for (const what of await layout(page)) here.add(`at ${viewport.width}: ${what}`)
    if (!deep(pattern, visitor, lang, viewport) || await sameShape(page, viewport)) continue
    for (const what of await access(page)) here.add(what)
  }
  return here
}

// report says each finding once, with the pages it was made on.
function report (findings) {
  const where = new Map()
  for (const { at, what } of findings) where.set(what, [...where.get(what) ?? [], at])
  const lines = [...where].map(([what, all]) => `${what}\n    on ${all.length}: ${all.slice(0, 4).join('  ')}`)
  const error = new Error(`${where.size} findings:\n  ${lines.join('\n  ')}`)
  error.stack = error.message
  return error
}

const seen = new Set()

async function walk (route, visitor, lang) {
  const findings = []
  const { context, page, troubles, close } = await visit(browser, program.url, {
    storageState: visitor === 'half' ? await signInHalf(browser, program) : visitor === 'sharing' ? await sharing(browser, program) : who[visitor]
  })
  for (const place of fill(route.pattern, program, found)) {
    for (const variant of variants(route.pattern, visitor)) {
      const address = `${place.path}${variant}${variant ? '&' : '?'}lang=${lang}`
      const status = expected(route, visitor, place)
      const say = what => findings.push({ at: `${address} (${visitor})`, what })
      if (/\.|\/(static|schemas|figures|answers)\/|\/votes$|^\/(health|ready)z$/.test(route.pattern)) { // a file or a sign of life, not a page
        const response = await context.request.get(address)
        if (response.status() !== status) say(`status ${response.status()}, not ${status}`)
        seen.add(route.pattern)
        continue
      }
      const plain = await context.request.get(address, { maxRedirects: 0 })
      if (plain.status() === status && known(await plain.text(), status, place.path)) {
        seen.add(route.pattern)
        continue
      }
      const response = await page.goto(address)
      if (response.status() !== status) say(`status ${response.status()}, not ${status}`)
      if (new URL(page.url()).pathname === place.path) {
        seen.add(route.pattern)
        for (const what of await look(page, route.pattern, visitor, lang)) say(what)
      } else if (visitor === 'nobody' && !route.guard.public && !page.url().includes('/staff/sign-in')) {
        say(`leads nobody to ${page.url()}`)
      }
      for (const what of troubles.splice(0)) say(what)
    }
  }
  await close()
  return findings
}

const table = routes().filter(route => route.method === 'GET')

describe('every page', { concurrency: 2 }, () => {
  for (const route of table) {
    for (const lang of languages) {
      test(`${route.pattern} in ${lang}`, async () => {
        const findings = []
        for (const visitor of visitors(route)) findings.push(...await walk(route, visitor, lang))
        if (findings.length > 0) throw report(findings)
      })
    }
  }
})

test('every page was seen', () => {
  const unseen = table.map(route => route.pattern).filter(pattern => !seen.has(pattern) && pattern !== '/s/:survey/go')
  assert.deepEqual(unseen, [])
})

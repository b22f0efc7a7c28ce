// Every page there is, in every language, for everyone who may see it, on a phone and on a desk.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { access, language, layout } from './lib/checks.mjs'
import { desk, launch, phone, signIn, visit } from './lib/browser.mjs'
import { languages } from './lib/languages.mjs'
import { fill, harvest } from './lib/places.mjs'
import { routes, start } from './lib/program.mjs'
import { halfSignedIn } from './lib/staff.mjs'
import { states } from './lib/voice.mjs'

const program = await start()
const browser = await launch()
after(async () => {
  await browser.close()
  await program.stop()
})

const roles = ['author', 'analyst', 'board', 'administrator']
const areas = { administrator: null, author: 'north-vale', analyst: 'north-vale', board: 'north-vale' }
const who = { nobody: undefined }
for (const role of roles) who[role] = await signIn(browser, program.url, program.links[role])
Object.assign(who, await states(browser, program))
who.half = await halfSignedIn(browser, program, who.administrator)
const found = await harvest(browser, program, who.administrator)
program.links.author = program.links['other-analyst'] // the others are used up

// visitors says who goes to a route.
function visitors ({ pattern, guard }) {
  if (pattern === '/staff/code') return ['half']
  if (!guard.public) return ['nobody', ...roles]
  if (pattern.endsWith('/q/:question')) return ['begun', 'answered']
  return pattern.startsWith('/s/:survey/') ? ['begun', 'answered', 'sent'] : ['nobody']
}

// expected is the status that the visitor must meet there.
function expected ({ pattern, guard }, visitor, place) {
  if (pattern.startsWith('/r/:survey')) return found.published.has(place.survey) ? 200 : 404
  if (guard.public || visitor === 'nobody' || visitor === 'administrator') return 200
  if (!(guard.roles ?? []).includes(visitor)) return 403
  return guard.in_area && place.area !== areas[visitor] ? 404 : 200
}

// What is asked for beside the plain page.
function variants (pattern, visitor) {
  if (pattern === '/s/:survey/q/:question' && visitor === 'answered') return ['?change=1']
  return pattern === '/s/:survey/who' ? ['', '?new=1'] : ['']
}

// thorough says whether axe looks at a page on a phone too: everywhere but where only an earlier answer or a refusal
// differs, there in one language of each direction.
function thorough (pattern, visitor, status, lang) {
  if (status !== 200) return lang === 'en'
  return ['en', 'ur'].includes(lang) || !(pattern.endsWith('/q/:question') && visitor !== 'begun')
}

// look returns what is wrong with the page that is open.
async function look (page, lang, deep) {
  const here = []
  await page.setViewportSize(phone)
  here.push(...await language(page, lang), ...await layout(page))
  if (deep) here.push(...await access(page))
  await page.setViewportSize(desk)
  here.push(...(await layout(page)).map(s => `wide: ${s}`))
  if (deep && ['en', 'ur'].includes(lang)) here.push(...(await access(page)).map(s => `wide: ${s}`))
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
  const { context, page, troubles, close } = await visit(browser, program.url, { storageState: who[visitor] })
  for (const place of fill(route.pattern, program, found)) {
    for (const variant of variants(route.pattern, visitor)) {
      const address = `${place.path}${variant}${variant ? '&' : '?'}lang=${lang}`
      const status = expected(route, visitor, place)
      const say = what => findings.push({ at: `${address} (${visitor})`, what })
      if (/\.|\/static\/|\/schemas\//.test(route.pattern)) { // a file, not a page
        const response = await context.request.get(address)
        if (response.status() !== status) say(`status ${response.status()}, not ${status}`)
        seen.add(route.pattern)
        continue
      }
      const response = await page.goto(address)
      if (response.status() !== status) say(`status ${response.status()}, not ${status}`)
      if (new URL(page.url()).pathname === place.path) {
        seen.add(route.pattern)
        for (const what of await look(page, lang, thorough(route.pattern, visitor, status, lang))) say(what)
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

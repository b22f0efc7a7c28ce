// Where the parameters of routes get their values. A parameter without a source here stops the walk, so that a new
// page is noticed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { root } from './program.mjs'
import { visit } from './browser.mjs'

// questions returns the ids of a survey's questions, in order.
export function questions (survey) {
  const text = readFileSync(`${root}content/surveys/${survey}.yaml`, 'utf8').split(/^questions:$/m)[1]
  return [...text.matchAll(/^ {2}- id: "?([\w-]+)"?$/gm)].map(m => m[1])
}

const areaOf = (folder, id) => readFileSync(`${root}content/${folder}/${id}.yaml`, 'utf8').match(/^area: (\S+)$/m)[1]

function guides () {
  return [...new Set(readdirSync(`${root}content/guides`).map(file => file.split('.')[0]))]
}

function schemas () {
  const folder = `${root}content/schemas`
  return existsSync(folder) ? readdirSync(folder) : []
}

async function hrefs (page, path, pattern) {
  await page.goto(path)
  const all = await page.locator('a[href]').evaluateAll(links => links.map(a => a.getAttribute('href')))
  return [...new Set(all.flatMap(href => href.match(pattern)?.[1] ?? []))]
}

// harvest collects what exists in the demonstration, as an administrator sees it.
export async function harvest (browser, program, administrator) {
  const { page, close } = await visit(browser, program.url, { storageState: administrator })
  const found = { areas: await hrefs(page, '/', /^\/a\/([\w-]+)$/), numbers: {}, formats: {}, answers: {}, published: new Set() }
  found.files = await page.locator('link[href], script[src], img[src]')
    .evaluateAll(all => all.map(e => new URL(e.href || e.src).pathname.replace('/static/', '')))
  for (const survey of program.surveys) {
    found.numbers[survey] = await hrefs(page, `/staff/surveys/${survey}`, /\/reports\/(\d+)$/)
    if (await page.locator('.s-state--done').count() > 0) found.published.add(survey)
    found.answers[survey] = await hrefs(page, `/staff/surveys/${survey}`, /\/answers\/(\w+)$/)
    found.formats[survey] = await hrefs(page, `/r/${survey}`, /\/figures\/(\w+)/)
  }
  found.outcomes = new Set()
  found.standing = new Set()
  for (const budget of program.budgets) {
    found.numbers[budget] = await hrefs(page, `/staff/budgets/${budget}`, /\/counts\/(\d+)$/)
    if (await page.locator('.s-state--done').count() > 0) found.outcomes.add(budget)
    if ((await page.goto(`/b/${budget}/interim`)).ok()) found.standing.add(budget)
  }
  // A paper ballot of each vote that is open.
  found.sheets = {}
  for (const budget of program.budgets) {
    await page.goto(`/staff/budgets/${budget}/paper`)
    if (await page.locator('#number').count() === 0) continue
    await page.locator('#number').fill('1')
    await page.locator('form:has(#number) button[type=submit]').click()
    found.sheets[budget] = [await page.locator('.s-sheet__code strong').first().innerText()]
  }
  await page.goto(`/staff/surveys/${program.surveys[0]}`)
  await page.locator('form[action$="/preview"] button').click()
  found.preview = (await page.locator('.s-notice code').textContent()).split('/').at(-1)
  await page.goto('/staff/people')
  await page.locator('#name').fill('visitor@demo')
  await page.locator('form:has(#name) button[type=submit]').click()
  found.invitation = (await page.locator('.s-notice code').textContent()).split('/').at(-1)
  await close()
  return found
}

// fill returns the addresses of a pattern: for each the path, and the survey it is about where there is one.
export function fill (pattern, program, found) {
  const sources = {
    area: () => found.areas,
    survey: () => program.surveys,
    question: at => questions(at.survey),
    budget: () => program.budgets,
    round: () => ['play'],
    about: () => ['age', 'groups'],
    guide: guides,
    number: at => found.numbers[at.survey ?? at.budget],
    sheet: at => found.sheets[at.budget] ?? [],
    format: at => (pattern.includes('/answers/') ? found.answers : found.formats)[at.survey],
    name: schemas,
    '+': () => found.files,
    code: () => ['0000000000'], // nobody's: those of somebody lead on to what they open
    token: () => [pattern.includes('/preview/') ? found.preview : pattern.includes('/invite/') ? found.invitation : program.links.author.split('/').at(-1)]
  }
  let places = [{ path: pattern }]
  for (const [whole, name = whole] of pattern.matchAll(/:(\w+)|\+/g)) {
    if (!sources[name]) throw new Error(`${pattern}: nothing says what ${whole} can be; add it to e2e/lib/places.mjs`)
    places = places.flatMap(place => sources[name](place).map(value => ({ ...place, [name]: value, path: place.path.replace(whole, value) })))
  }
  const area = place => place.survey ? areaOf('surveys', place.survey) : place.budget && areaOf('budgets', place.budget)
  return places.map(place => ({ ...place, area: area(place) }))
}

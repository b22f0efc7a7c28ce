// Somebody who takes part.
import { readFileSync } from 'node:fs'
import { visit } from './browser.mjs'

export const submit = page => page.locator('main form button[type=submit]').first()

// follow presses what leads on and waits for the page behind it.
export async function follow (page, target) {
  await Promise.all([page.waitForEvent('load'), target.click()])
}

// begin says who speaks and returns when the key is shown.
export async function begin (page, survey, lang = 'en') {
  await page.goto(`/s/${survey}?lang=${lang}`)
  await follow(page, page.locator(`a[href="/s/${survey}/who"]`))
  await page.locator('input[name=voice]').first().check()
  await follow(page, submit(page))
  await page.waitForURL('**/key')
}

// answer fills in whatever the page asks: the first that is offered, and for words the words given.
export async function answer (page, words = 'The waiting room was noisy and bright') {
  const choice = page.locator('input[name=choice]')
  const field = page.locator('#words')
  if (await choice.count() > 0) await choice.first().check()
  else if (await field.count() > 0) await field.fill(await field.getAttribute('inputmode') === 'numeric' ? '4' : words)
}

// answerAll goes on from the key, or from a question, to the page that shows everything said. It returns how many
// pages it met.
export async function answerAll (page, words) {
  if (page.url().endsWith('/key')) await follow(page, page.locator('a[href$="/go"]'))
  let pages = 0
  for (; !new URL(page.url()).pathname.endsWith('/check'); pages++) {
    if (pages > 100) throw new Error(`the survey does not end: ${page.url()}`)
    await answer(page, words)
    await follow(page, submit(page))
  }
  return pages
}

// send sends what was said and returns when the receipt is shown.
export async function send (page) {
  await follow(page, page.locator('#send'))
  await page.waitForURL('**/done')
}

// keyOf returns the names of the pictures that the page shows.
export async function keyOf (page) {
  return (await page.locator('.s-key__name').allTextContents()).map(name => name.trim())
}

const pictures = JSON.parse(readFileSync(new URL('../../content/pictures/key.json', import.meta.url))).pictures

// pick chooses the pictures of the names, each by its group.
export async function pick (page, lang, names) {
  for (const name of names) {
    const { group, id } = pictures.find(one => one.names[lang] === name)
    await follow(page, page.locator(`button[name=group][value=${group}]`))
    await follow(page, page.locator(`button[name=pick][value=${id}]`))
  }
}

// states returns browsers' states of people who take part in the surveys: begun, answered and sent.
export async function states (browser, program) {
  const { context, page, close } = await visit(browser, program.url)
  const all = {}
  const everywhere = async step => { for (const survey of program.surveys) await step(survey) }
  await everywhere(survey => begin(page, survey))
  all.begun = await context.storageState()
  await everywhere(async survey => {
    await page.goto(`/s/${survey}/go`)
    await answerAll(page)
  })
  all.answered = await context.storageState()
  await close()
  // A second person sends, so that the first one's drafts stay.
  const other = await visit(browser, program.url)
  await everywhere(async survey => {
    await begin(other.page, survey)
    await answerAll(other.page)
    await send(other.page)
  })
  all.sent = await other.context.storageState()
  await other.close()
  return all
}

// vote begins a ballot, chooses the first two projects and returns the browser's state.
export async function vote (browser, program, budget) {
  const { context, page, close } = await visit(browser, program.url)
  await beginVote(page, budget)
  for (const at of [0, 1]) await choose(page, page.locator('.s-project button[value=add]').nth(at))
  const state = await context.storageState()
  await close()
  return state
}

// beginVote says who speaks, and by which way they vote where there are two, and goes on to the ballot.
export async function beginVote (page, budget, lang = 'en', way = 1) {
  await page.goto(`/b/${budget}?lang=${lang}`)
  await follow(page, page.locator(`a[href="/b/${budget}/who"]`))
  await page.locator('input[name=voice]').first().check()
  await follow(page, submit(page))
  await toBallot(page, way)
}

// toBallot goes on from the key to the ballot.
export async function toBallot (page, way = 1) {
  await follow(page, page.locator('main .s-buttons a').first())
  if (new URL(page.url()).pathname.endsWith('/way')) {
    await page.locator(`input[name=way][value="${way}"]`).check()
    await follow(page, submit(page))
  }
}

// choose presses a button of the ballot and waits until the vote says that it was kept.
export async function choose (page, button) {
  const chosen = await page.locator('.s-project--in').count()
  await button.click()
  await page.waitForFunction(before => document.querySelectorAll('.s-project--in').length !== before, chosen)
}

// share makes the device a shared one for the exercise, such as "s/worries", and returns when its start is shown.
export async function share (page, exercise, lang = 'en') {
  await page.goto(`/k/${exercise}?lang=${lang}`)
  await page.locator('#pin').fill('2468')
  await page.locator('#again').fill('2468')
  await follow(page, submit(page))
  await page.locator('.s-big').waitFor()
}

// sharing returns the state of a shared device on which somebody has begun.
export async function sharing (browser, program) {
  const { context, page, close } = await visit(browser, program.url)
  await share(page, 's/worries')
  await follow(page, page.locator('.s-big'))
  await follow(page, page.locator('main a[href$="/who"]'))
  await page.locator('input[name=voice]').first().check()
  await follow(page, submit(page))
  const state = await context.storageState()
  await close()
  return state
}

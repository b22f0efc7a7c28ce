// What staff do, from an invitation to an answer that everybody can read.
import assert from 'node:assert/strict'
import { desk, phone, signIn, visit } from './lib/browser.mjs'
import { access, language, layout } from './lib/checks.mjs'
import { path, setUp } from './lib/journey.mjs'
import { accept, code, invite } from './lib/staff.mjs'
import { follow, submit } from './lib/voice.mjs'

const { program, browser, journey: walk } = await setUp()

const who = {}
for (const role of ['administrator', 'analyst', 'board', 'other-analyst']) {
  who[role] = await signIn(browser, program.url, program.links[role])
}

// journey is one of a member of staff, or of nobody.
const journey = (name, role, act) => walk(name, { storageState: who[role], viewport: desk }, act)

const statusOf = async (page, address) => (await page.goto(address)).status()

journey('a link signs in once', 'nobody', async page => {
  await page.goto(program.links.analyst)
  const [response] = await Promise.all([page.waitForResponse(r => r.request().method() === 'POST'), submit(page).click()])
  assert.ok(response.status() >= 400)
  assert.equal(await page.goto('/staff').then(() => path(page)), '/staff/sign-in')
})

// ownPage walks the page of a member's own at all widths and in two directions of writing, with a mistake on it, then
// signs out.
async function ownPage (page) {
  for (const lang of ['en', 'ur']) {
    await page.goto(`/staff/me?lang=${lang}`)
    await page.locator('#passphrase').fill('too short')
    await page.locator('#code').fill('123456')
    await follow(page, page.locator('form:has(#passphrase) button[type=submit]'))
    assert.equal(await page.evaluate(() => document.activeElement.className), 'nhsuk-error-summary')
    assert.equal(await page.locator('#code').inputValue(), '123456')
    assert.equal(await page.locator('#passphrase').inputValue(), '')
    for (const viewport of [phone, desk]) {
      await page.setViewportSize(viewport)
      assert.deepEqual([...await access(page), ...await layout(page), ...await language(page, lang)], [])
    }
  }
  await page.goto('/staff/me?lang=en')
  await follow(page, page.locator('form[action="/staff/sign-out"] button'))
  assert.equal(path(page), '/staff/sign-in')
  await page.goBack()
  assert.equal(path(page), '/staff/sign-in', 'the page of before is not shown any more')
}

journey('an invitation, a passphrase and a code', 'administrator', async page => {
  const link = await invite(page, 'new@demo', 'author')
  const { page: other, troubles, close } = await visit(browser, program.url)
  const passphrase = 'nine brave badgers sing softly'
  const secret = await accept(other, link, passphrase)
  assert.equal(path(other), '/staff/sign-in')
  await other.locator('#name').fill('new@demo')
  await other.locator('#passphrase').fill(passphrase)
  await follow(other, submit(other))
  // The code that accepted the invitation is used up; the next one is that of the next half minute.
  await other.locator('#code').fill(code(secret, Date.now() + 30_000))
  await follow(other, submit(other))
  assert.equal(path(other), '/staff')
  await ownPage(other)
  assert.deepEqual(troubles, [])
  await close()
})

journey('a report, its quotes, its approval, and everybody reads it', 'analyst', async page => {
  const nobody = await visit(browser, program.url, { viewport: desk })
  assert.equal(await statusOf(nobody.page, '/r/speech-therapy'), 404, 'nobody reads what nobody approved')
  await page.goto('/staff/surveys/speech-therapy')
  await follow(page, page.locator('a[href="/staff/surveys/speech-therapy/reports/1"]'))
  const quotes = page.locator('figure.s-quote')
  assert.ok(await quotes.count() >= 2, 'there are quotes to decide')
  const [kept, dropped] = await Promise.all([0, 1].map(i => quotes.nth(i).locator('blockquote').innerText()))
  await follow(page, quotes.nth(0).locator('button[value=keep]'))
  await follow(page, quotes.nth(1).locator('button[value=drop]'))
  assert.equal(await quotes.nth(1).locator('button[value=drop]').getAttribute('aria-pressed'), 'true')
  await follow(page, page.locator('button[value=approve]'))
  await page.locator('.s-state--done').first().waitFor()
  assert.equal(await statusOf(nobody.page, '/r/speech-therapy'), 200)
  const read = await nobody.page.locator('main').innerText()
  assert.ok(read.includes(kept), 'what was kept is read')
  assert.ok(!read.includes(dropped), 'what was dropped is not')
  nobody.troubles.splice(0) // the browser's own line about the refused page
  await nobody.close()
})

journey('the board answers a theme', 'board', async page => {
  await page.goto('/staff/surveys/worries/reports/1')
  const details = page.locator('details:has(form[action$="/reply"])').last()
  const theme = await details.locator('input[name=theme]').inputValue()
  const words = 'We will open a quiet room in each clinic.'
  const day = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10)
  // An answer without a day is no promise: it comes back with what was typed.
  await details.locator('summary').click()
  await details.locator('input[name=kind][value=will]').check()
  await details.locator('textarea').fill(words)
  await details.locator('input[name=by]').fill('soon')
  await follow(page, details.locator('button[type=submit]'))
  assert.equal(await page.locator(`#text-${theme}`).inputValue(), words)
  await page.locator(`#by-${theme}`).fill(day)
  await follow(page, page.locator(`form:has(#by-${theme}) button[type=submit]`))
  const nobody = await visit(browser, program.url)
  await nobody.page.goto('/r/worries')
  assert.ok((await nobody.page.locator(`#theme-${theme}`).innerText()).includes(words))
  await nobody.close()
})

journey('the survey of another area is not there', 'other-analyst', async page => {
  for (const address of ['/staff/surveys/worries', '/staff/surveys/worries/reports/1']) {
    assert.equal(await statusOf(page, address), 404)
  }
})

journey('a form of another site changes nothing', 'analyst', async page => {
  for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://elsewhere.example' }, {}]) {
    const response = await page.request.post('/staff/surveys/worries/reports', { headers, maxRedirects: 0 })
    assert.equal(response.status(), 403, JSON.stringify(headers))
  }
})

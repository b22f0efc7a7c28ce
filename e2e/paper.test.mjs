// Paper ballots: printed, typed in by keyboard alone, once or twice, settled, and counted.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { describe } from 'node:test'
import { desk, phone, signIn, visit } from './lib/browser.mjs'
import { access, language, layout } from './lib/checks.mjs'
import { path, setUp } from './lib/journey.mjs'
import { focusFaults, tabTo } from './lib/keyboard.mjs'

const { program, browser, journey: walk } = await setUp()

const paper = '/staff/budgets/early-help/paper'
const out = new URL('./out/', import.meta.url).pathname
mkdirSync(out, { recursive: true })
const who = {}
for (const role of ['analyst', 'administrator', 'author']) who[role] = await signIn(browser, program.url, program.links[role])

// journey is one of a member of staff.
const journey = (name, role, act, options = {}) => walk(name, { storageState: who[role], viewport: desk, ...options }, act)

const sound = async (page, lang) => assert.deepEqual([...await access(page), ...await layout(page), ...await language(page, lang)], [])

// make makes a set and returns the codes of its sheets.
async function make (page, { number, lang = 'en', twice = false, staff = 'en' }) {
  await page.goto(`${paper}?lang=${staff}`)
  await page.locator('#number').fill(String(number))
  await page.locator('#lang').selectOption(lang)
  if (twice) await page.locator('input[name=twice]').check()
  await page.locator('form:has(#number) button[type=submit]').click()
  await page.locator('.s-sheet').first().waitFor()
  return page.locator('.s-sheet__code strong').allInnerTexts()
}

// press presses Enter and waits for the next page.
const press = page => Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press('Enter')])
  .then(() => page.waitForLoadState())

// typeIn types a sheet in by the keyboard alone: its code, what is ticked, and who filled it in.
async function typeIn (page, code, ticks, voice = 'helped') {
  await tabTo(page, '#code')
  await page.keyboard.type(code.toLowerCase().replace('-', ' '))
  await press(page)
  assert.equal(path(page), `${paper}/${code}`)
  await page.waitForFunction(() => document.activeElement.closest('.s-typing__project')) // the cursor stands at the first idea
  const items = await page.locator('.s-typing__project input').evaluateAll(all => all.map(e => e.id))
  for (const item of items.filter(id => ticks.includes(id.replace('p-', '')))) {
    await tabTo(page, `#${item}`)
    await page.keyboard.press('Space')
  }
  await tabTo(page, 'input[name=voice]')
  await page.keyboard.press('Space')
  for (let i = 0; i < 10 && await page.evaluate(() => document.activeElement.value) !== voice; i++) await page.keyboard.press('ArrowDown')
  await press(page)
}

const figure = (page, n) => page.locator('main .s-facts dd').nth(n).innerText()

describe('paper', () => {
  for (const lang of ['en', 'ur']) {
    journey(`sheets in ${lang} fit their page`, 'analyst', async page => {
      const codes = await make(page, { number: 2, lang, staff: lang })
      assert.equal(new Set(codes).size, 2)
      await sound(page, lang)
      await page.setViewportSize(phone)
      await sound(page, lang)
      const pdf = await page.pdf({ preferCSSPageSize: true, path: `${out}paper-${lang}.pdf` })
      const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g).length
      assert.ok(pages >= 2 && pages <= 4, `two sheets take ${pages} pages`)
      await page.emulateMedia({ media: 'print' })
      assert.equal(await page.locator('.s-sheets__about').isVisible(), false)
      assert.equal(await page.locator('.s-sheet .s-qr').count(), 2)
      assert.equal(await page.locator('.s-sheet').first().evaluate(e => getComputedStyle(e).direction), lang === 'ur' ? 'rtl' : 'ltr')
    })
  }

  journey('three sheets by keyboard alone', 'analyst', async page => {
    const codes = await make(page, { number: 3 })
    await page.goto(paper)
    const made = await figure(page, 0)
    await typeIn(page, codes[0], ['mentors', 'trees'])
    await page.locator('[role=status]').waitFor()
    await typeIn(page, codes[1], ['mentors'], 'unsaid')
    await typeIn(page, codes[2], [])
    assert.equal(await page.evaluate(() => document.activeElement.className), 'nhsuk-error-summary', 'an empty sheet is told')
    await sound(page, 'en')
    await tabTo(page, '#spoilt')
    await page.keyboard.type('Nothing')
    await tabTo(page, '.s-typing button')
    await press(page)
    await page.locator('[role=status]').waitFor()
    assert.equal(path(page), paper)
    assert.equal(await figure(page, 0), made)
    assert.match(await figure(page, 1), /fewer than 10/)
    await page.locator('#code').fill(codes[0])
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/${codes[0]}`)
    assert.match(await page.locator('.s-notice').innerText(), /counts once/)
    await page.goto(`${paper}?code=AAAAA-AAAAA`)
    assert.equal(await page.locator('.nhsuk-error-summary').count(), 1)
    assert.deepEqual(await focusFaults(page), [])
  })

  journey('one sheet twice, with a difference that is settled', 'analyst', async page => {
    const [code] = await make(page, { number: 1, twice: true, lang: 'ur' })
    await page.goto(paper)
    await typeIn(page, code, ['mentors', 'trees'])
    assert.match(await page.locator('[role=status]').innerText(), /first typing/)
    await page.goto(`${paper}/${code}`)
    assert.equal(await page.locator('#alone').count(), 1, 'the same member of staff is told')

    const second = await visit(browser, program.url, { storageState: who.author, viewport: desk })
    await second.page.goto(paper)
    await typeIn(second.page, code, ['mentors', 'quiet-rooms'])
    assert.equal(path(second.page), `${paper}/${code}`)
    assert.deepEqual(await second.page.locator('tbody th').evaluateAll(all => all.length), 2)
    await second.close()

    for (const lang of ['ur', 'en']) {
      await page.goto(`${paper}/${code}?lang=${lang}`)
      for (const viewport of [phone, desk]) {
        await page.setViewportSize(viewport)
        await sound(page, lang)
      }
    }
    for (const item of ['p-trees', 'p-quiet-rooms']) {
      await tabTo(page, `input[name=d-${item}]`)
      await page.keyboard.press('Space')
      assert.equal(await page.locator(`#d-${item}-1`).isChecked(), true)
    }
    await press(page)
    assert.equal(path(page), paper)
    assert.match(await page.locator('[role=status]').innerText(), /counts/)
    await page.goto('/staff/audit')
    const log = await page.locator('main').innerText()
    assert.match(log, /settled a paper ballot with differences/)
    assert.ok(!log.includes(code) && !log.includes('mentors'))
  })

  journey('without JavaScript', 'analyst', async page => {
    const [code] = await make(page, { number: 1 })
    await page.goto(`${paper}/${code}`)
    await page.locator('#p-mentors').check()
    await page.locator('input[name=voice][value=carer]').check()
    await page.locator('.s-typing button').click()
    await page.waitForURL('**after=counted')
  }, { javaScriptEnabled: false })
})

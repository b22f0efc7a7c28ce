// Whole journeys of people who take part, by ways of use that no automatic check of a page can see.
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { desk, phone, picture, visit } from './lib/browser.mjs'
import { access, language, layout } from './lib/checks.mjs'
import { path, setUp } from './lib/journey.mjs'
import { focusFaults, tabTo } from './lib/keyboard.mjs'
import { answer, answerAll, begin, follow, keyOf, pick, send, submit } from './lib/voice.mjs'

const { program, browser, journey } = await setUp()

const words = 'The bus comes only once an hour'

// toQuestion goes on from where the person is, answering, until the question is shown.
async function toQuestion (page, survey, question) {
  await page.goto(`/s/${survey}/go`)
  while (path(page) !== `/s/${survey}/q/${question}`) {
    assert.notEqual(path(page), `/s/${survey}/check`, `${question} is not on the way`)
    await answer(page)
    await follow(page, submit(page))
  }
}

// openKey types the names of six pictures.
async function openKey (page, names) {
  await page.goto('/key?lang=en')
  await page.locator('#words').fill(names.join(', '))
  await follow(page, submit(page))
}

describe('taking part', { concurrency: 2 }, () => {
  journey('by keyboard alone', { viewport: desk }, async page => {
    const press = async selector => {
      await tabTo(page, selector)
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    }
    await page.goto('/a/harbour-coast?lang=en')
    await press('a[href="/s/getting-there"]')
    await press('a[href="/s/getting-there/who"]')
    await tabTo(page, 'input[name=voice]')
    await page.keyboard.press('Space')
    await press('main form button[type=submit]')
    await press('a[href$="/go"]')
    for (let pages = 0; path(page) !== '/s/getting-there/check'; pages++) {
      assert.ok(pages < 40, 'the survey does not end')
      if (await page.locator('input[name=choice]').count() > 0) {
        await tabTo(page, 'input[name=choice]')
        await page.keyboard.press('Space')
        if (await page.locator('input[type=radio][name=choice]').count() > 1) { // there and back again
          await page.keyboard.press('ArrowDown')
          await page.keyboard.press('ArrowUp')
        }
        assert.equal(await page.locator('input[name=choice]:checked').count(), 1)
      } else if (await page.locator('#words').count() > 0) {
        await tabTo(page, '#words')
        await page.keyboard.type(await page.locator('#words[inputmode=numeric]').count() > 0 ? '20' : words)
      }
      await press('button[name=go][value=on]')
    }
    await press('#send')
    assert.equal(path(page), '/s/getting-there/done')
    await press('form[action$="/finish"] button')
    assert.equal(path(page), '/a/harbour-coast')
  })

  journey('without JavaScript', { javaScriptEnabled: false }, async page => {
    await begin(page, 'worries', 'pl')
    const key = await keyOf(page)
    await answerAll(page, words)
    await send(page)
    assert.deepEqual(await keyOf(page), key)
    await follow(page, page.locator('form[action$="/finish"] button'))
    // The key opens by choosing its pictures.
    await page.goto('/key/pictures')
    await pick(page, 'pl', key)
    await follow(page, page.locator('#open'))
    assert.equal(path(page), '/s/worries/mine')
    await page.getByText(words).first().waitFor()
  })

  journey('from right to left on a phone', { viewport: phone }, async page => {
    const faults = async () => [...await layout(page), ...await language(page, 'ur')].map(fault => `${path(page)}: ${fault}`)
    const found = []
    await begin(page, 'speech-therapy', 'ur')
    found.push(...await faults())
    await follow(page, page.locator('a[href$="/go"]'))
    while (path(page) !== '/s/speech-therapy/check') {
      found.push(...await faults())
      await answer(page, 'ہم نے بہت انتظار کیا')
      await follow(page, submit(page))
    }
    found.push(...await faults())
    await send(page)
    found.push(...await faults())
    assert.deepEqual(found, [])
    const [first, second] = await page.locator('.s-key__picture').all()
    assert.ok((await first.boundingBox()).x > (await second.boundingBox()).x, 'the key begins at the right')
  })

  journey('with Back and a refresh in the middle', {}, async page => {
    await begin(page, 'worries')
    await toQuestion(page, 'worries', 'who-talk')
    await page.locator('input[name=choice]').nth(1).check()
    await follow(page, submit(page))
    const next = path(page)
    await page.goBack()
    await page.reload()
    assert.equal(path(page), '/s/worries/q/who-talk')
    assert.ok(await page.locator('input[name=choice]').nth(1).isChecked(), 'the answer is still there')
    await follow(page, submit(page))
    assert.equal(path(page), next)
    await answerAll(page, words)
    const said = await page.locator('.nhsuk-summary-list__row').count()
    await page.reload()
    assert.equal(await page.locator('.nhsuk-summary-list__row').count(), said)
    await send(page)
    // Back leads to what was sent, not to a second answer.
    await page.goto('/s/worries/q/who-talk')
    assert.equal(path(page), '/s/worries/done')
    await page.goto('/s/worries/check')
    assert.equal(path(page), '/s/worries/done')
  })

  journey('a second press of Send', {}, async (page, context) => {
    await begin(page, 'worries')
    await answerAll(page, words)
    const send = () => context.request.post('/s/worries/check', { headers: { Origin: program.url } })
    const answers = await Promise.all([send(), send(), send()])
    for (const response of answers) {
      assert.equal(response.status(), 200)
      assert.equal(new URL(response.url()).pathname, '/s/worries/done')
    }
    await page.goto('/s/worries/mine')
    assert.equal(await page.getByText(words, { exact: true }).count(), 2, 'each of the two long answers stands there once')
  })

  journey('opening a key typed in another language', {}, async page => {
    await begin(page, 'getting-there', 'ur')
    const names = await keyOf(page)
    assert.equal(names.length, 6)
    await toQuestion(page, 'getting-there', 'cannot')
    const elsewhere = await visit(browser, program.url)
    try {
      await elsewhere.page.goto('/key?lang=en')
      await elsewhere.page.locator('#words').fill(names.join('، '))
      await follow(elsewhere.page, submit(elsewhere.page))
      assert.equal(path(elsewhere.page), '/s/getting-there/mine')
      await follow(elsewhere.page, elsewhere.page.locator('main a[href$="/go"]'))
      assert.equal(path(elsewhere.page), '/s/getting-there/q/cannot')
      assert.equal(await elsewhere.page.locator('html').getAttribute('lang'), 'en')
      assert.deepEqual(elsewhere.troubles, [])
    } finally {
      await elsewhere.close()
    }
  })

  journey('taking it back', {}, async page => {
    await begin(page, 'worries')
    const key = await keyOf(page)
    await answerAll(page, words)
    await send(page)
    await page.goto('/s/worries/mine')
    await page.getByText(words).first().waitFor()
    await follow(page, page.locator('a[href$="/take-back"]'))
    await follow(page, page.locator('#take-back'))
    await openKey(page, key)
    assert.equal(await page.getByText(words).count(), 0, 'what was taken back is gone')
  })

  journey('saying no', {}, async (page, context) => {
    await begin(page, 'worries')
    await page.goto('/s/worries/q/assent')
    await page.locator('#choice-no').check()
    await follow(page, submit(page))
    assert.equal(path(page), '/s/worries/stopped')
    assert.ok(!(await context.cookies()).some(cookie => cookie.name.includes('worries')), 'nothing is left on the device')
  })

  journey('another language in the middle', { viewport: desk }, async page => {
    await begin(page, 'worries')
    await toQuestion(page, 'worries', 'who-talk')
    await page.locator('input[name=choice]').nth(2).check()
    await follow(page, submit(page))
    await page.goto('/s/worries/q/who-talk')
    await tabTo(page, 'details.s-lang summary')
    await page.keyboard.press('Enter')
    await tabTo(page, '.s-lang__list a[hreflang=pl]')
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    assert.equal(path(page), '/s/worries/q/who-talk')
    assert.equal(await page.locator('html').getAttribute('lang'), 'pl')
    assert.ok(await page.locator('input[name=choice]').nth(2).isChecked())
  })
})

describe('mistakes', { concurrency: 2 }, () => {
  // A mistake shows a summary that is read out first and leads to the field; axe finds nothing in it.
  async function summary (page, status, cause) {
    const [response] = await Promise.all([page.waitForResponse(r => r.request().isNavigationRequest() && r.request().method() === 'POST'), page.waitForEvent('load'), cause()])
    assert.equal(response.status(), status)
    assert.ok(await page.locator('.nhsuk-error-summary').evaluate(e => e === document.activeElement), 'the summary has the focus')
    assert.deepEqual(await access(page), [])
    await page.locator('.nhsuk-error-summary a').click()
    const target = (await page.locator('.nhsuk-error-summary a').getAttribute('href')).slice(1)
    assert.equal(await page.evaluate(() => document.activeElement.id), target, 'the summary leads to the field')
  }

  for (const lang of ['en', 'ur']) {
    journey(`nobody speaks, in ${lang}`, {}, async page => {
      await page.goto(`/s/worries/who?lang=${lang}`)
      await summary(page, 422, () => submit(page).click())
    })

    journey(`too many words, in ${lang}`, {}, async page => {
      await begin(page, 'getting-there', lang)
      await toQuestion(page, 'getting-there', 'cannot')
      const long = 'skate park '.repeat(20).trim()
      await page.locator('#words').fill(long)
      await summary(page, 422, () => submit(page).click())
      assert.equal(await page.locator('#words').inputValue(), long, 'what was typed is kept')
      assert.deepEqual(await language(page, lang), [])
    })

    journey(`a number that is none, in ${lang}`, {}, async page => {
      await begin(page, 'getting-there', lang)
      await toQuestion(page, 'getting-there', 'minutes')
      await page.locator('#words').fill('a while')
      await summary(page, 422, () => submit(page).click())
      assert.equal(await page.locator('#words').inputValue(), 'a while')
    })

    journey(`a key that opens nothing, in ${lang}`, {}, async page => {
      await page.goto(`/key?lang=${lang}`)
      await page.locator('#words').fill('cat dog house')
      await summary(page, 422, () => submit(page).click())
      assert.equal(await page.locator('#words').inputValue(), 'cat dog house')
    })
  }

  journey('a page that is not there', {}, async page => {
    const response = await page.goto('/nothing-here')
    assert.equal(response.status(), 404)
    assert.deepEqual([...await access(page), ...await language(page, 'en'), ...await layout(page)], [])
  })
})

describe('seeing and reaching', { concurrency: 2 }, () => {
  const places = ['/', '/a/north-vale', '/help', '/key', '/s/worries', '/s/worries/who', '/s/worries/key',
    '/s/worries/q/who-talk', '/s/worries/q/improve', '/s/worries/check', '/r/worries', '/staff/sign-in']

  journey('with more space between letters, words and lines', {}, async page => {
    await begin(page, 'worries')
    const found = []
    for (const place of places) {
      for (const viewport of [phone, desk]) {
        await page.setViewportSize(viewport)
        await page.goto(place)
        const cut = await page.evaluate(() => {
          const sheet = new CSSStyleSheet() // WCAG 1.4.12
          sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }')
          document.adoptedStyleSheets = [sheet]
          return [...document.querySelectorAll('body *')].filter(e => {
            const style = getComputedStyle(e)
            return style.overflowX === 'hidden' && style.clipPath === 'none' && style.clip === 'auto' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1
          }).map(e => `cuts text off: ${e.className}`)
        })
        found.push(...[...cut, ...await layout(page)].map(fault => `${place} at ${viewport.width}: ${fault}`))
      }
    }
    assert.deepEqual(found, [])
  })

  for (const [name, viewport] of [['on a desk', desk], ['at 400 %', { width: 320, height: 256 }]]) {
    journey(`focus is seen and not covered, ${name}`, { viewport }, async page => {
      await begin(page, 'worries')
      const found = []
      for (const place of places) {
        await page.goto(place)
        found.push(...(await focusFaults(page)).map(fault => `${place}: ${fault}`))
      }
      assert.deepEqual(found, [])
    })
  }

  journey('what is chosen is seen in forced colours', { forcedColors: 'active', viewport: desk }, async page => {
    await begin(page, 'worries')
    await page.goto('/s/worries/q/assent')
    const tile = page.locator('.s-tile').first()
    const before = await tile.screenshot()
    await page.locator('input[name=choice]').first().check()
    await page.locator('h1').click()
    await page.locator('input[name=choice]').first().evaluate(e => e.blur())
    assert.notDeepEqual(await tile.screenshot(), before)
  })
})

// A device that is shared: each starts clean, and finds nothing of the one before.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { desk, launch, phone, visit } from './lib/browser.mjs'
import { access, language, layout } from './lib/checks.mjs'
import { path, setUp } from './lib/journey.mjs'
import { focusFaults, tabTo } from './lib/keyboard.mjs'
import { answer, answerAll, choose, follow, keyOf, send, share, submit, toBallot } from './lib/voice.mjs'

const { program, browser, journey } = await setUp()

const words = 'Nobody asked me for a long time'
const minute = 60_000

// begins presses Start and goes on until the question that takes words is shown.
async function begins (page) {
  await follow(page, page.locator('.s-big'))
  await follow(page, page.locator('main a[href$="/who"]'))
  await page.locator('input[name=voice]').first().check()
  await follow(page, submit(page))
  const key = await keyOf(page)
  await follow(page, page.locator('main a[href$="/go"]'))
  while (path(page) !== '/s/worries/q/improve') {
    await answer(page)
    await follow(page, submit(page))
  }
  return key
}

const band = page => page.locator('.s-shared button')
const stop = page => page.locator('main form:has(input[name=stop]) button')

// cookies are the names of those that hold something of whoever takes part.
async function theirs (context) {
  return (await context.cookies()).map(c => c.name).filter(name => name === 'sitting' || name.startsWith('say-'))
}

// back goes one page back. A page that answered a form the browser does not ask for again by itself: then it shows one of
// its own, and back returns false.
async function back (page) {
  try {
    await page.goBack({ waitUntil: 'load' })
    return true
  } catch (error) {
    if (!/ERR_CACHE_MISS/.test(error.message)) throw error
    await page.waitForFunction(() => document.readyState === 'complete' && !document.getElementById('main'))
    return false
  }
}

// nothingBehind goes back as far as it goes, and wants to see nothing of the one before.
async function nothingBehind (page, times) {
  for (let i = 0; i < times; i++) {
    await back(page)
    if (page.url() === 'about:blank') return
    await page.waitForFunction(() => !document.body.hidden) // what the browser kept is asked for again
    const seen = await page.evaluate(() => document.body.innerText + [...document.querySelectorAll('input, textarea')].map(e => e.value).join())
    assert.ok(!seen.includes(words), `words of the one before are on ${page.url()}`)
    assert.equal(await page.locator('input:checked, .s-key__name, .s-said').count(), 0, `something of the one before is on ${page.url()}`)
    assert.doesNotMatch(path(page), /^\/[sb]\//)
  }
}

// nothingOfOthers goes back over the pages of the one before, in one's own turn: the browser must not fill them in.
async function nothingOfOthers (page, times) {
  for (let i = 0; i < times; i++) {
    await back(page)
    if (page.url() === 'about:blank') return
    await page.waitForFunction(() => !document.body.hidden)
    const filled = await page.locator('textarea, input:not([type=hidden])').evaluateAll(all =>
      all.filter(e => e.value !== e.defaultValue || e.checked !== e.defaultChecked).map(e => e.id))
    assert.deepEqual(filled, [], `the browser fills in ${page.url()}`)
  }
}

describe('a shared device', { concurrency: 2 }, () => {
  journey('by keyboard, from the PIN to the PIN', { viewport: desk }, async (page, context) => {
    const press = async selector => {
      await tabTo(page, selector)
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    }
    await page.goto('/s/worries?lang=en')
    await press('a[href="/k/s/worries"]')
    assert.deepEqual(await focusFaults(page), [])
    await tabTo(page, '#pin')
    await page.keyboard.type('2468')
    await tabTo(page, '#again')
    await page.keyboard.type('2468')
    await press('main form button')
    assert.equal(path(page), '/k')
    assert.deepEqual([...await access(page)], [])
    await press('.s-big')
    await press('main a[href$="/who"]')
    await tabTo(page, 'input[name=voice]')
    await page.keyboard.press('Space')
    await press('main form button[type=submit]')
    await press('main a[href$="/go"]')
    assert.deepEqual(await focusFaults(page), [])
    await press('.s-shared button')
    assert.match(await page.locator('h1').textContent(), /not sent it yet/)
    assert.deepEqual([...await access(page)], [])
    await press('main .s-buttons a:not([href$="/check"])')
    await answerAll(page, words)
    await press('#send')
    assert.equal((await keyOf(page)).length, 6)
    await press('form[action$="/finish"]:not([action="/k/finish"]) button')
    assert.equal(path(page), '/k')
    assert.deepEqual(await theirs(context), [])
    await page.goto('/k/leave')
    await tabTo(page, '#pin')
    await page.keyboard.type('2468')
    await press('main form button')
    assert.equal(path(page), '/')
    assert.equal(await page.locator('.s-shared').count(), 0)
  })

  for (const javaScriptEnabled of [true, false]) {
    journey(`Back ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, { javaScriptEnabled }, async (page, context) => {
      await share(page, 's/worries')
      await begins(page)
      await page.locator('#words').fill(words)
      await follow(page, submit(page))
      await page.goBack()
      assert.equal(await page.locator('#words').inputValue(), words) // as long as it is their turn
      await page.locator('#words').fill(words + ' x'.repeat(2000))
      await follow(page, submit(page)) // a page that answers a form
      assert.match(await page.locator('#words').inputValue(), new RegExp(words))
      await page.goto('/s/worries/q/improve')
      await page.locator('#words').fill(words + ', not saved')
      await follow(page, band(page))
      await follow(page, stop(page))
      assert.deepEqual(await theirs(context), [])
      await nothingBehind(page, 6)
      await page.goto('/k')
      const key = await begins(page)
      assert.equal(key.length, 6)
      assert.equal(await page.locator('#words').inputValue(), '')
    })

    journey(`the browser fills nothing in for the next one, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, { javaScriptEnabled }, async page => {
      await share(page, 's/worries')
      await begins(page)
      await page.locator('#words').fill(words)
      await follow(page, band(page))
      await follow(page, stop(page))
      await begins(page)
      await nothingOfOthers(page, 30) // the pages that the one before was on are those of the next one now
    })
  }

  test('Back in a browser that keeps pages for it', async () => {
    const keeping = await launch({ ignoreDefaultArgs: ['--disable-back-forward-cache'] })
    const { page, troubles, close } = await visit(keeping, program.url)
    const backFromThere = async () => {
      await page.goBack({ waitUntil: 'commit' })
      await page.waitForFunction(() => document.readyState === 'complete' && !document.body.hidden)
    }
    await share(page, 's/worries')
    await begins(page)
    await page.locator('#words').fill(words)
    await page.goto('/help')
    await backFromThere()
    assert.equal(path(page), '/s/worries/q/improve')
    await follow(page, band(page))
    await follow(page, stop(page))
    for (let i = 0; i < 3; i++) {
      await backFromThere()
      assert.equal(path(page), '/k')
      assert.equal(await page.locator('.s-big').count(), 1)
    }
    assert.deepEqual(troubles, [])
    await close()
    await keeping.close()
  })

  journey('Back and the form of the one before, sent once more', {}, async page => {
    await share(page, 's/worries')
    await begins(page)
    await page.locator('#words').fill(words + ' x'.repeat(2000))
    await follow(page, submit(page))
    await follow(page, band(page))
    await follow(page, stop(page))
    await follow(page, page.locator('.s-big'))
    let shown = true
    for (let i = 0; i < 6 && shown; i++) shown = await back(page)
    assert.ok(!shown, 'the page that answered a form was not met')
    await page.reload() // the browser sends the form again
    assert.equal(path(page), '/k')
    assert.ok(!(await page.content()).includes(words))
    await page.goto('/s/worries/q/improve')
    assert.equal(path(page), '/s/worries')
  })

  journey('without JavaScript it asks by itself', { javaScriptEnabled: false, viewport: phone }, async page => {
    await share(page, 'b/early-help')
    await follow(page, page.locator('.s-big'))
    await follow(page, page.locator('main a[href$="/who"]'))
    await page.locator('input[name=voice]').first().check()
    await follow(page, submit(page))
    assert.equal(await page.locator('meta[http-equiv=refresh]').getAttribute('content'), '300; url=/k/still')
    await page.goto('/k/still') // as the browser does
    assert.equal(await page.locator('meta[http-equiv=refresh]').getAttribute('content'), '80; url=/k')
    assert.deepEqual([...await layout(page), ...await language(page, 'en')], [])
    await follow(page, page.locator('form[action="/k/here"] button'))
    assert.equal(path(page), '/b/early-help/key')
    await toBallot(page)
    await follow(page, page.locator('#p-mentors button'))
    await follow(page, band(page))
    assert.equal(path(page), '/k')
    assert.equal(await page.locator('.s-big').count(), 1)
    await nothingBehind(page, 6)
  })

  journey('a vote with JavaScript, and the next one', {}, async page => {
    await share(page, 'b/early-help')
    for (let child = 0; child < 2; child++) {
      await follow(page, page.locator('.s-big'))
      await follow(page, page.locator('main a[href$="/who"]'))
      await page.locator('input[name=voice]').first().check()
      await follow(page, submit(page))
      await toBallot(page)
      assert.equal(await page.locator('.s-project--in').count(), 0)
      await choose(page, page.locator('#p-mentors button'))
      await follow(page, band(page))
      assert.equal(path(page), '/k')
    }
  })

  journey('it asks before the time is over, and goes on', { viewport: desk }, async (page, context) => {
    await page.clock.install()
    await share(page, 's/worries')
    await begins(page)
    await page.locator('#words').fill(words)
    await page.locator('#words').focus()
    const dialog = page.locator('#still')
    await page.clock.runFor(3.5 * minute)
    assert.equal(await dialog.isVisible(), false)
    await page.keyboard.press('End') // somebody is there
    await page.clock.runFor(3.5 * minute)
    assert.equal(await dialog.isVisible(), false)
    await page.clock.runFor(minute)
    assert.equal(await dialog.isVisible(), true)
    assert.deepEqual([...await access(page), ...await layout(page)], [])
    assert.equal(await page.evaluate(() => document.activeElement.closest('dialog')?.id), 'still')
    for (const close of [() => page.keyboard.press('Escape'), () => page.keyboard.press('Enter')]) {
      await close()
      await page.waitForFunction(() => !document.getElementById('still').open)
      assert.equal(await page.evaluate(() => document.activeElement.id), 'words')
      assert.equal(await page.locator('#words').inputValue(), words)
      await page.clock.runFor(4 * minute + 2000)
      assert.equal(await dialog.isVisible(), true)
    }
    await page.clock.runFor(35_000)
    await page.keyboard.press('Tab') // somebody looks for the button
    await page.clock.runFor(35_000)
    assert.equal(path(page), '/s/worries/q/improve')
    await Promise.all([page.waitForURL('**/k?over=1'), page.clock.runFor(60_000)])
    assert.match(await page.locator('.s-notice').textContent(), /six pictures/)
    assert.deepEqual(await theirs(context), [])
    await nothingBehind(page, 4)
  })

  journey('a device that slept ends at once', {}, async page => {
    await page.clock.install()
    await share(page, 's/worries')
    await begins(page)
    await page.locator('#words').fill(words)
    await Promise.all([page.waitForURL('**/k?over=1'), page.clock.fastForward(30 * minute)])
    assert.equal(await page.locator('.s-big').count(), 1)
  })

  journey('what one window hears, the other knows', {}, async (page, context) => {
    await page.clock.install()
    await share(page, 's/worries')
    await begins(page)
    const other = await context.newPage()
    await other.goto('/s/worries/q/improve')
    await page.clock.runFor(4.5 * minute)
    for (const one of [page, other]) assert.equal(await one.locator('#still').isVisible(), true)
    await other.keyboard.press('Escape')
    await page.waitForFunction(() => !document.getElementById('still').open)
    assert.equal(path(page), '/s/worries/q/improve')
  })

  journey('nothing leads away', {}, async page => {
    await share(page, 's/worries')
    await begins(page)
    for (const away of ['/', '/a/north-vale', '/s/getting-there', '/b/early-help', '/staff', '/staff/sign-in', '/r/worries', '/k/s/getting-there']) {
      await page.goto(away)
      assert.equal(path(page), '/k', away)
    }
    for (const open of ['/help', '/languages', '/about/privacy', '/about/shared', '/pictures', '/key']) {
      await page.goto(open)
      assert.equal(path(page), open)
      assert.equal(await band(page).count(), 1)
    }
    await page.goto('/s/worries/go')
    await answerAll(page)
    await send(page)
    await follow(page, band(page))
    await follow(page, page.locator('main a[href^="/about"], footer a[href="/about/privacy"]').first())
    await follow(page, page.locator('.s-shared a'))
    assert.equal(path(page), '/k')
  })

  journey('in Urdu on a phone', { viewport: phone }, async page => {
    await share(page, 's/worries', 'ur')
    const found = []
    const look = async () => found.push(...await layout(page), ...await language(page, 'ur'), ...await access(page))
    await look()
    await begins(page)
    await look()
    await page.evaluate(() => document.getElementById('still').showModal())
    await look()
    await page.keyboard.press('Escape')
    await follow(page, band(page))
    await look()
    await page.goto('/k/leave')
    await look()
    assert.deepEqual(found, [])
  })
})

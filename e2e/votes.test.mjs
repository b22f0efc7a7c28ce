// Votes on a budget: by keyboard, without JavaScript, in a right-to-left language on a phone.
import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { desk, phone, signIn, visit } from './lib/browser.mjs'
import { access, language, layout } from './lib/checks.mjs'
import { path, setUp } from './lib/journey.mjs'
import { focusFaults, tabTo } from './lib/keyboard.mjs'
import { beginVote, choose, follow, keyOf, submit } from './lib/voice.mjs'

const { program, browser, journey } = await setUp()

const chosen = page => page.locator('.s-project--in').evaluateAll(all => all.map(e => e.id.replace('p-', '')).sort())
const budget = 'early-help'

describe('voting', { concurrency: 2 }, () => {
  journey('by keyboard, keeping the place and hearing the total', { viewport: desk }, async page => {
    await beginVote(page, budget)
    for (const id of ['mentors', 'trees']) {
      await tabTo(page, `#p-${id} button`)
      await page.keyboard.press('Enter')
      await page.waitForSelector(`#p-${id}.s-project--in`)
      assert.equal(await page.evaluate(() => document.activeElement.closest('li').id), `p-${id}`)
    }
    await page.waitForFunction(() => document.querySelector('[aria-live]').textContent.includes('£160,000'))
    await page.reload()
    assert.deepEqual(await chosen(page), ['mentors', 'trees'])
    assert.deepEqual(await focusFaults(page), [])
  })

  journey('by an invitation code that opens once', { viewport: phone, javaScriptEnabled: false }, async (page, context) => {
    const [code] = program.codes
    const begin = async () => {
      await page.goto('/i?lang=ur')
      await page.locator('#code').fill(code.toLowerCase())
      await follow(page, submit(page))
    }
    await begin()
    assert.equal(path(page), '/b/year-6')
    await follow(page, page.locator('a[href="/b/year-6/who"]'))
    await page.locator('input[name=voice]').first().check()
    await follow(page, submit(page))
    assert.equal(path(page), '/b/year-6/key')
    assert.equal((await keyOf(page)).length, 6)
    await context.clearCookies()
    await begin()
    assert.equal(path(page), '/i')
    assert.deepEqual([...await layout(page), ...await language(page, 'ur')], [])
  })

  journey('in Urdu on a phone', { viewport: phone }, async page => {
    await beginVote(page, budget, 'ur')
    await choose(page, page.locator('#p-mentors button'))
    for (const faults of [await language(page, 'ur'), await layout(page), await access(page)]) assert.deepEqual([...faults], [])
    await follow(page, page.locator('main .s-buttons a').first())
    while (path(page) !== `/b/${budget}/done`) await follow(page, submit(page))
    assert.equal((await keyOf(page)).length, 6)
    assert.deepEqual([...await access(page)], [])
  })

  journey('by the other way, in coins and in Urdu on a phone, with undo', { viewport: phone }, async page => {
    await beginVote(page, budget, 'ur', 2)
    const used = () => page.locator('.s-coin--used').count()
    await choose(page, page.locator('#p-mentors button'))
    await choose(page, page.locator('#p-trees button'))
    assert.equal(await used(), 32)
    assert.equal(await page.locator('.s-coin').count(), 80)
    for (const faults of [await language(page, 'ur'), await layout(page), await access(page)]) assert.deepEqual([...faults], [])
    assert.deepEqual(await focusFaults(page), [])
    await follow(page, page.locator('.s-undo button'))
    assert.deepEqual(await chosen(page), ['mentors'])
    assert.equal(await used(), 14)
    await follow(page, page.locator('main a[href$="/way"]'))
    assert.equal(await page.locator('input[name=way]:checked').inputValue(), '2')
    for (const faults of [await layout(page), await access(page)]) assert.deepEqual([...faults], [])
    await page.locator('input[name=way][value="1"]').check()
    await follow(page, submit(page))
    assert.deepEqual(await chosen(page), ['mentors'])
    assert.equal(await page.locator('.s-coin').count(), 0)
  })

  journey('with the total always in view, on low screens too', {}, async page => {
    await beginVote(page, budget, 'en', 2)
    for (const [width, height] of [[320, 568], [375, 667], [1280, 700], [1280, 900]]) {
      await page.setViewportSize({ width, height })
      await page.evaluate(() => window.scrollTo(0, 0))
      await choose(page, page.locator('.s-project:not(.s-project--in) button').first())
      const { top, bottom } = await page.locator('#total').evaluate(e => e.getBoundingClientRect().toJSON())
      assert.ok(top >= 0 && bottom <= height && bottom - top <= height / 4, `${width} × ${height}: the total is from ${top} to ${bottom}`)
      assert.deepEqual(await focusFaults(page), [])
    }
  })

  journey('without JavaScript, and again with the six pictures', { javaScriptEnabled: false, viewport: phone }, async page => {
    await beginVote(page, budget)
    await follow(page, page.locator('#p-trees button'))
    assert.equal(new URL(page.url()).hash, '#p-trees')
    await follow(page, page.locator('#p-mentors button'))
    await follow(page, page.locator('#p-trees button'))
    assert.deepEqual(await chosen(page), ['mentors'])
    await page.goto(`/b/${budget}/key`)
    const names = await keyOf(page)
    await page.goto(`/b/${budget}/done`)
    await follow(page, page.locator('form[action$="/finish"] button'))
    await page.goto('/key')
    await page.locator('#words').fill(names.join(', '))
    await follow(page, submit(page))
    assert.equal(path(page), `/b/${budget}/mine`)
    assert.match(await page.locator('main').textContent(), /Mentors for children in care/)
  })

  journey('a preview by a link, which leaves the real vote alone', { viewport: phone }, async page => {
    await beginVote(page, budget)
    await choose(page, page.locator('#p-mentors button'))
    const staff = await signIn(browser, program.url, program.links.author)
    const author = await visit(browser, program.url, { storageState: staff })
    await author.page.goto(`/staff/budgets/${budget}`)
    await follow(author.page, author.page.locator('form[action$="/preview"] button'))
    const link = new URL(await author.page.locator('.s-notice code').textContent())
    assert.deepEqual([...await access(author.page)], [])
    await author.close()
    await page.goto(link.pathname)
    await follow(page, submit(page))
    await beginVote(page, budget, 'ur', 2)
    await choose(page, page.locator('#p-trees button'))
    assert.deepEqual(await chosen(page), ['trees'])
    for (const faults of [await language(page, 'ur'), await layout(page), await access(page)]) assert.deepEqual([...faults], [])
    await follow(page, page.locator('.s-preview button'))
    await page.goto(`/b/${budget}/vote?lang=en`)
    assert.deepEqual(await chosen(page), ['mentors'])
  })

  journey('posters and cards, each on one page of A4', { viewport: desk }, async page => {
    for (const lang of ['en', 'ur', 'pl']) {
      for (const path of [`/b/${budget}/poster`, `/b/${budget}/cards`, '/s/worries/poster', '/s/worries/cards']) {
        await page.goto(`${path}?lang=${lang}`)
        const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
        assert.equal(paper.match(/\/Type \/Page\b/g).length, 1, `${path} in ${lang}`)
        await page.emulateMedia({ media: 'print' })
        for (const off of ['.s-header', '.s-footer', '.s-demo', '.s-leaflet-tools']) assert.equal(await page.locator(off).isVisible(), false, off)
        await page.emulateMedia({ media: null })
      }
    }
  })

  journey('the outcome, step by step without JavaScript', { javaScriptEnabled: false, viewport: phone }, async page => {
    await page.goto('/b/summer/outcome?lang=en')
    assert.ok(await page.locator('.s-state--done').count() > 0)
    await follow(page, page.locator('main a[href$="/steps"]'))
    let steps = 1
    for (; await page.locator(`main .s-buttons a[href$="step=${steps + 1}"]`).count() > 0; steps++) {
      await follow(page, page.locator(`main .s-buttons a[href$="step=${steps + 1}"]`))
    }
    assert.ok(steps >= 2)
  })

  journey('what became of it, from the area’s page, in Urdu on a phone', { viewport: phone }, async page => {
    await page.goto('/a/north-vale?lang=ur')
    await follow(page, page.locator('main a[href="/a/north-vale/came"]'))
    assert.ok(await page.locator('.s-told .s-state').count() > 0)
    for (const faults of [await language(page, 'ur'), await layout(page), await access(page)]) assert.deepEqual([...faults], [])
    await follow(page, page.locator('main a[href="/b/summer/outcome"]').first())
    assert.ok(await page.locator('#told .s-state').count() > 0)
    assert.equal(await page.locator('.s-way [aria-current]').count(), 1)
    for (const faults of [await layout(page), await access(page)]) assert.deepEqual([...faults], [])
    await follow(page, page.locator('.s-way a[href="/s/summer-ideas"]'))
    assert.equal(await page.locator('main a[href$="/who"]').count(), 0)
  })

  journey('the board tells what became of a project, and takes it back', { viewport: desk }, async page => {
    await page.goto(program.links.board)
    await follow(page, submit(page))
    await page.goto('/staff/budgets/summer/counts/1?lang=en')
    const project = page.locator('[id^="told-"]').first()
    await project.locator('summary').click()
    await project.locator('input[value=changed]').check()
    await project.locator('textarea').fill('It moved to another place.')
    assert.deepEqual([...await access(page)], [])
    await follow(page, project.locator('details form button[type=submit]'))
    const id = await page.locator('[id^="told-"]').first().getAttribute('id')
    assert.match(await page.locator(`#${id}`).textContent(), /It moved to another place/)
    await page.goto('/b/summer/outcome?lang=en')
    assert.match(await page.locator('#told').textContent(), /It moved to another place/)
    await page.goto('/staff/budgets/summer/counts/1?lang=en')
    await follow(page, page.locator(`#${id} button[name=take]`).last())
    await page.goto('/b/summer/outcome?lang=en')
    assert.doesNotMatch(await page.locator('#told').textContent(), /It moved to another place/)
  })
})

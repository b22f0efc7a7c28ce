// Draws the pictures of the README: node pictures.mjs FOLDER
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { launch, visit } from './lib/browser.mjs'
import { start } from './lib/program.mjs'
import { begin } from './lib/voice.mjs'

const folder = resolve(process.argv[2] ?? 'out')
mkdirSync(folder, { recursive: true })
const program = await start()
const browser = await launch()

async function draw (name, width, height, walk) {
  const { page, close } = await visit(browser, program.url, { viewport: { width, height } })
  await walk(page)
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: `${folder}/${name}.png` })
  await close()
}

try {
  await draw('question', 900, 900, async page => {
    await begin(page, 'worries')
    await page.goto('/s/worries/q/easy')
    await page.locator('input[name=choice]').nth(1).check()
  })
  await draw('report', 1100, 1300, page => page.goto('/r/worries?lang=en'))
} finally {
  await browser.close()
  await program.stop()
}

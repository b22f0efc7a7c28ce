// What every file of tests begins with: the program, a browser, and journeys in it.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { launch, picture, visit } from './browser.mjs'
import { start } from './program.mjs'

// setUp starts the program and a browser until the tests of the file are over. journey is a test with a page of its own,
// with options as visit takes them, of which a picture is kept when it fails.
export async function setUp () {
  const program = await start()
  const browser = await launch()
  after(async () => {
    await browser.close()
    await program.stop()
  })
  function journey (name, options, walk) {
    test(name, async () => {
      const { context, page, troubles, close } = await visit(browser, program.url, options)
      try {
        await walk(page, context)
        assert.deepEqual(troubles, [])
      } catch (error) {
        await picture(page, name)
        throw error
      } finally {
        await close()
      }
    })
  }
  return { program, browser, journey }
}

export const path = page => new URL(page.url()).pathname

// Somebody who uses the keyboard.

// tabTo presses Tab until the focus is on what the selector says.
export async function tabTo (page, selector) {
  for (let presses = 0; presses < 150; presses++) {
    if (await page.evaluate(s => document.activeElement.matches(s), selector)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach ${selector} on ${page.url()}`)
}

// focusFaults presses Tab through the page and returns where the focus cannot be seen, or lies under something.
export async function focusFaults (page) {
  const found = []
  await page.evaluate(() => {
    const looks = e => {
      const style = getComputedStyle(e)
      return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.backgroundColor, style.borderColor].join()
    }
    // A tile shows the focus of the field in it.
    window.marks = e => [e, e.closest('.s-tile'), e.nextElementSibling].map(x => x ? looks(x) : '').join(';')
    window.met = new Set()
    window.unmarked = new Map([...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex]')].map(e => [e, window.marks(e)]))
  })
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press('Tab')
    const fault = await page.evaluate(() => {
      const e = document.activeElement
      if (e === document.body || window.met.has(e)) return 'end'
      window.met.add(e)
      const shown = e.matches('.s-tile input') ? e.closest('.s-tile') : e
      const name = `${e.tagName.toLowerCase()} "${(shown.textContent || e.name || '').trim().slice(0, 30)}"`
      if (window.marks(e) === window.unmarked.get(e)) return `focus is not seen: ${name}`
      const box = shown.getBoundingClientRect()
      const seen = [0.2, 0.5, 0.8].some(part => {
        const x = box.left + box.width / 2
        const y = box.top + box.height * part
        const top = document.elementFromPoint(x, y)
        return top && (shown.contains(top) || top.contains(shown))
      })
      return seen ? '' : `focus is covered or off the screen: ${name} at ${Math.round(box.left)},${Math.round(box.top)}`
    })
    if (fault === 'end') break
    if (fault) found.push(fault)
  }
  return found
}

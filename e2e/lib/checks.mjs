// What must hold on every page, whoever sees it, in whatever language.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { english, keys, rightToLeft } from './languages.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// findings of axe: every rule of WCAG 2.2 A and AA, and best practice.
export async function access (page) {
  await page.evaluate(axe)
  const violations = await page.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']
    const { violations } = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] })
    return violations.map(v => ({ id: v.id, nodes: v.nodes.map(n => n.target.join(' ')) }))
  })
  return violations.map(v => `axe ${v.id}: ${v.nodes.slice(0, 3).join(' | ')}${v.nodes.length > 3 ? ` and ${v.nodes.length - 3} more` : ''}`)
}

// shape returns all of a page that axe's findings can come from: its elements and attributes. Ids, names and words are
// numbered as they come, so that what is the same stays the same; addresses are left out. How much room words take is for
// layout to say, which looks at every page.
export function shape (page) {
  return page.evaluate(() => {
    const numbers = new Map()
    const number = what => {
      if (!numbers.has(what)) numbers.set(what, numbers.size)
      return numbers.get(what)
    }
    const ids = value => value.split(/\s+/).filter(Boolean).map(id => number(`#${id}`)).join(' ')
    const words = text => text.trim() ? number(' ' + text.trim().replace(/\s+/g, ' ').toLowerCase()) : ''
    const named = new Set(['id', 'name', 'for', 'form', 'list', 'headers', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns'])
    const addresses = new Set(['href', 'action', 'src', 'd', 'hreflang'])
    const wordy = new Set(['alt', 'title', 'placeholder', 'aria-label', 'content', 'value'])
    const valueOf = ({ name, value }) => {
      if (named.has(name)) return ids(value)
      if (addresses.has(name)) return value.startsWith('#') ? ids(value.slice(1)) : Boolean(value)
      return wordy.has(name) || name.startsWith('data-') ? words(value) : value
    }
    const draw = node => {
      if (node.nodeType === Node.TEXT_NODE) return `[${words(node.textContent)}]`
      if (node.nodeType !== Node.ELEMENT_NODE) return ''
      const attributes = [...node.attributes].map(a => `${a.name}=${valueOf(a)}`).sort().join(' ')
      return `<${node.localName} ${attributes}>${[...node.childNodes].map(draw).join('')}</>`
    }
    return draw(document.documentElement)
  })
}

// layout: nothing is wider than the screen, and what one presses is large enough.
export function layout (page) {
  return page.evaluate(() => {
    const found = []
    const html = document.documentElement
    if (html.scrollWidth > html.clientWidth) {
      const wide = [...document.querySelectorAll('body *')].find(e => {
        const box = e.getBoundingClientRect()
        return (box.right > html.clientWidth + 1 || box.left < -1) && e.checkVisibility() && !e.closest('.s-table-scroll, .nhsuk-skip-link, .nhsuk-visually-hidden')
      })
      found.push(`scrolls sideways (${html.scrollWidth} > ${html.clientWidth}): ${wide?.className || wide?.tagName}`)
    }
    const words = node => node.textContent.trim()
    // In the middle of a sentence a link is as high as its line.
    const inSentence = e => getComputedStyle(e).display === 'inline' &&
      words(e.parentElement).length > words(e).length && !['LI', 'TD', 'NAV'].includes(e.parentElement.tagName)
    for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
      const target = e.matches('.s-tile input') ? e.closest('.s-tile') : e
      if (!target.checkVisibility({ visibilityProperty: true }) || target.matches('.nhsuk-skip-link') || inSentence(target)) continue
      const box = target.getBoundingClientRect()
      const least = target.matches('button, .nhsuk-button, .s-tile') ? 44 : 24
      if (box.width < least || box.height < least) {
        found.push(`too small to press (${Math.round(box.width)} × ${Math.round(box.height)}): ${target.tagName.toLowerCase()} "${words(target).slice(0, 30)}"`)
      }
    }
    return found
  })
}

// texts returns the texts of the main part and the title, leaving out what is marked as another language, what is
// code and what is hidden from everyone.
function texts (page) {
  return page.evaluate(() => {
    const own = document.documentElement.lang
    const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT)
    const found = [document.title]
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement
      const text = walker.currentNode.textContent.trim()
      if (text && parent.closest('[lang]').lang === own && !parent.closest('code, .s-code, script, textarea, [hidden]')) found.push(text)
    }
    return found
  })
}

const count = (text, what) => (text.match(what) ?? []).length

// language: the page says which it is in, and is in it.
export async function language (page, lang) {
  const found = []
  const html = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: document.documentElement.dir }))
  const dir = rightToLeft.has(lang) ? 'rtl' : 'ltr'
  if (html.lang !== lang || html.dir !== dir) found.push(`says lang=${html.lang} dir=${html.dir}`)
  const all = await texts(page)
  const joined = all.join('\n')
  for (const text of all) {
    if (!lang.startsWith('en') && english.includes(text)) found.push(`in English: ${text}`)
    for (const word of text.match(/[a-z][a-z_-]*(?:\.[a-z0-9_-]+)+/g) ?? []) {
      if (keys.includes(word)) found.push(`shows the name of a phrase: ${word}`)
    }
  }
  for (const bad of joined.match(/<no value>|%!\w?\(|\{\{|\[object|\bundefined\b|\bNaN\b/g) ?? []) found.push(`shows ${bad}`)
  const letters = count(joined, /\p{L}/gu)
  const arabic = count(joined, /\p{Script=Arabic}/gu)
  // A page whose whole text is marked as another language leaves only its title.
  if (letters >= 40 && (dir === 'rtl' ? arabic < letters / 2 : arabic > letters / 10)) {
    found.push(`${arabic} of ${letters} letters are of the Arabic script: ${joined.match(dir === 'rtl' ? /[A-Za-z][A-Za-z ,.]{12,60}/ : /\p{Script=Arabic}{4,}/u)?.[0]}`)
  }
  return found
}

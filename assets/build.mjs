// Builds the style sheets, fonts and signs of static/ from this folder. The same input gives the same bytes.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import CleanCSS from 'clean-css'
import rtlcss from 'rtlcss'
import * as sass from 'sass'
import { fonts } from './fonts.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, '..', 'static')

// buildFonts writes the fonts under names that hold their hash and returns their @font-face rules.
async function buildFonts() {
  const folder = join(out, 'fonts')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const rules = []
  for (const { name, family, weight, range, content } of await fonts(here)) {
    const hashed = name.replace('.woff2', `.${createHash('sha256').update(content).digest('hex').slice(0, 8)}.woff2`)
    writeFileSync(join(folder, hashed), content)
    rules.push(`@font-face{font-family:"${family}";font-style:normal;font-display:swap;font-weight:${weight};` +
      `src:url(/static/fonts/${hashed}) format("woff2");unicode-range:${range}}`)
  }
  return rules.join('\n')
}

function styles(fontFaces) {
  const compiled = sass.compile(join(here, 'sayso.scss'), { loadPaths: [join(here, 'node_modules')], quietDeps: true, logger: sass.Logger.silent })
  const ours = compiled.css
    .replace(/@font-face\s*{[^}]*}/g, '') // theirs name a licensed font on another host
    .replace(/^@charset[^;]+;/, '')
  if (/url\(\s*["']?(https?:)?\/\//.test(ours)) throw new Error('the style sheet names another host')
  mkdirSync(join(out, 'css'), { recursive: true })
  for (const [file, css] of [['sayso.css', ours], ['sayso.rtl.css', rtlcss.process(ours)]]) {
    const small = new CleanCSS({ level: 1 }).minify(css)
    if (small.errors.length) throw new Error(small.errors.join('\n'))
    writeFileSync(join(out, 'css', file), fontFaces + '\n' + small.styles + '\n')
    console.log(`${file}: ${small.styles.length} bytes`)
  }
}

styles(await buildFonts())
console.log(`${readdirSync(join(out, 'fonts')).length} fonts`)

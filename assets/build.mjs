// Builds the style sheets, fonts and signs of static/ from this folder. The same input gives the same bytes.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import CleanCSS from 'clean-css'
import rtlcss from 'rtlcss'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, '..', 'static')
const faces = [
  { package: 'andika', family: 'Andika', subsets: ['latin', 'latin-ext', 'cyrillic'] },
  { package: 'noto-nastaliq-urdu', family: 'Noto Nastaliq Urdu', subsets: ['arabic'] },
  { package: 'noto-sans-arabic', family: 'Noto Sans Arabic', subsets: ['arabic'] }
]

function fonts() {
  const folder = join(out, 'fonts')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return faces.flatMap(face => ['400', '700'].flatMap(weight => face.subsets.map(subset => font(folder, face, weight, subset)))).join('\n')
}

// font copies one subset under a name that holds its hash and returns its @font-face.
function font(folder, face, weight, subset) {
  const source = join(here, 'node_modules', '@fontsource', face.package)
  const name = `${face.package}-${subset}-${weight}-normal`
  const content = readFileSync(join(source, 'files', `${name}.woff2`))
  const hashed = `${name}.${createHash('sha256').update(content).digest('hex').slice(0, 8)}.woff2`
  writeFileSync(join(folder, hashed), content)
  const css = readFileSync(join(source, `${weight}.css`), 'utf8')
  const range = css.split(`/* ${name} */`)[1].match(/unicode-range:\s*([^;]+);/)[1]
  return `@font-face{font-family:"${face.family}";font-style:normal;font-display:swap;font-weight:${weight};` +
    `src:url(/static/fonts/${hashed}) format("woff2");unicode-range:${range}}`
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

styles(fonts())
console.log(`${readdirSync(join(out, 'fonts')).length} fonts`)

// Copies the pictures of key-pictures.txt and survey-pictures.txt from OpenMoji into static/ and writes their names in
// every language, from Unicode CLDR, into content/pictures/.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { optimize } from 'svgo'

const here = dirname(fileURLToPath(import.meta.url))
const modules = join(here, 'node_modules')
const drawn = join(here, '..', 'static', 'pictures')
const named = join(here, '..', 'content', 'pictures')
const shipped = ['en', 'ur', 'pl', 'ar', 'cy'] // a key must be writable in each
const planned = ['ro', 'pa', 'bn', 'gu', 'so', 'pt', 'uk']

const cldr = Object.fromEntries([...shipped, ...planned].map(lang => {
  const file = join(modules, 'cldr-annotations-full', 'annotations', lang, 'annotations.json')
  return [lang, JSON.parse(readFileSync(file, 'utf8')).annotations.annotations]
}))
const moji = JSON.parse(readFileSync(join(modules, 'openmoji', 'data', 'openmoji.json'), 'utf8'))
const lines = file => readFileSync(join(here, file), 'utf8').split('\n').filter(l => l && !l.startsWith('#'))

const characters = code => String.fromCodePoint(...code.split('-').map(h => parseInt(h, 16)))
const entry = (lang, code) => cldr[lang][characters(code)] ?? cldr[lang][characters(code).replaceAll('\uFE0F', '')]
const fold = s => s.toLowerCase().normalize('NFKD').replace(/[\p{M}\u0640\s\p{P}]/gu, '')
const slug = s => s.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')

function names(code) {
  const out = {}
  for (const lang of [...shipped, ...planned]) {
    const name = entry(lang, code)?.tts?.[0]
    if (name) out[lang] = name
  }
  return out
}

function draw(code) {
  const svg = readFileSync(join(modules, 'openmoji', 'color', 'svg', `${code}.svg`), 'utf8')
  writeFileSync(join(drawn, `${code}.svg`), optimize(svg, { multipass: true, floatPrecision: 2 }).data)
  return `pictures/${code}.svg`
}

// keyPictures keeps the pictures that have a short name of their own in every language: shipped now, or planned, since
// none can be taken out later.
function keyPictures() {
  const wanted = lines('key-pictures.txt').flatMap(l => l.split(',').map(n => n.trim()))
  const taken = Object.fromEntries([...shipped, ...planned].map(l => [l, new Set()]))
  const out = []
  for (const annotation of wanted) {
    const m = moji.find(m => m.annotation === annotation && !m.skintone)
    if (!m) throw new Error(`OpenMoji has no ${annotation}`)
    const n = names(m.hexcode)
    const why = shipped.find(l => !n[l] || n[l].split(/\s+/).length > 4) ??
      [...shipped, ...planned].find(l => taken[l].has(fold(n[l] ?? n.en)))
    if (why) {
      console.log(`left out: ${annotation} (${why}: ${n[why] ?? 'no name'})`)
      continue
    }
    for (const l of [...shipped, ...planned]) taken[l].add(fold(n[l] ?? n.en))
    out.push({ id: slug(n.en), code: m.hexcode, names: n })
  }
  return out.map(p => ({ id: p.id, file: draw(p.code), names: p.names, also: also(p, taken) }))
}

// also lists the other words that CLDR gives a picture and that name no other picture of the keys.
function also(p, taken) {
  const out = {}
  for (const lang of shipped) {
    const more = (entry(lang, p.code)?.default ?? []).filter(w => !taken[lang].has(fold(w)) && w.split(/\s+/).length <= 2)
    if (more.length) out[lang] = more.slice(0, 4)
  }
  return out
}

function write(file, source, pictures) {
  const rows = pictures.map(p => '    ' + JSON.stringify(p)).join(',\n')
  writeFileSync(join(named, file), `{\n  "source": ${JSON.stringify(source)},\n  "pictures": [\n${rows}\n  ]\n}\n`)
  console.log(`${file}: ${pictures.length} pictures`)
}

rmSync(drawn, { recursive: true, force: true })
mkdirSync(drawn, { recursive: true })
mkdirSync(named, { recursive: true })
const source = 'Pictures: OpenMoji 17, CC BY-SA 4.0. Names: Unicode CLDR 48. Ids never change: receipts on paper outlive every release.'
write('key.json', source, keyPictures())
write('survey.json', source, lines('survey-pictures.txt').map(l => {
  const [id, code] = l.split(' = ')
  return { id, file: draw(code.trim()), names: names(code.trim()) }
}))

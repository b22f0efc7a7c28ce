// The shipped languages and the English phrases, read from the catalogues.
import { readFileSync } from 'node:fs'
import { root } from './program.mjs'

const toml = name => readFileSync(`${root}locales/${name}`, 'utf8')

export const languages = [...toml('languages.toml').matchAll(/^tag = "(.+)"$/gm)].map(m => m[1])

export const rightToLeft = new Set(['ar', 'ur'])

const strings = [...toml('active.en.toml').matchAll(/^"?([\w.-]+)"? = "(.*)"$/gm)]

// keys are all names of phrases: none may ever be seen on a page.
export const keys = strings.map(m => m[1]).filter(key => key.includes('.'))

// english are the English phrases long enough that no other language has the same by chance.
export const english = strings.map(m => JSON.parse(`"${m[2]}"`)).filter(s => !s.includes('{{') && s.split(' ').length > 3)

// Members of staff.
import { createHmac } from 'node:crypto'
import { follow, submit } from './voice.mjs'
import { visit } from './browser.mjs'

// code is what an authenticator shows now for a secret in base 32 (RFC 6238: SHA-1, 30 seconds, six digits).
export function code (secret, now = Date.now()) {
  const bits = [...secret.replace(/\s/g, '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1e6).padStart(6, '0')
}

// invite makes an invitation and returns its link.
export async function invite (page, name, role) {
  await page.goto('/staff/people')
  await page.locator('#name').fill(name)
  await page.locator('#role').selectOption(role)
  await follow(page, page.locator('form:has(#name) button[type=submit]'))
  return (await page.locator('.s-notice code').textContent()).trim()
}

// accept makes the invited person staff and returns the secret of their authenticator.
export async function accept (page, link, passphrase) {
  await page.goto(link)
  const secret = (await page.locator('code.s-code').textContent()).trim()
  await page.locator('#code').fill(code(secret))
  await page.locator('#passphrase').fill(passphrase)
  await follow(page, page.locator('form:has(#passphrase) button[type=submit]'))
  return secret
}

// halfSignedIn returns the state of a browser whose person has given their passphrase, but not their code.
export async function halfSignedIn (browser, program, administrator) {
  const { page, close } = await visit(browser, program.url, { storageState: administrator })
  const link = await invite(page, 'half@demo', 'author')
  await close()
  const half = await visit(browser, program.url)
  const passphrase = 'seven quiet otters read slowly'
  await accept(half.page, link, passphrase)
  await half.page.locator('#name').fill('half@demo')
  await half.page.locator('#passphrase').fill(passphrase)
  await follow(half.page, submit(half.page))
  await half.page.waitForURL('**/staff/code**')
  const state = await half.context.storageState()
  await half.close()
  return state
}

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

const half = { name: 'half@demo', passphrase: 'seven quiet otters read slowly' }

// employ makes somebody staff who then signs in by passphrase and code.
export async function employ (browser, program, administrator) {
  const { page, close } = await visit(browser, program.url, { storageState: administrator })
  const link = await invite(page, half.name, 'author')
  await close()
  const other = await visit(browser, program.url)
  await accept(other.page, link, half.passphrase)
  await other.close()
}

// signInHalf gives the passphrase of whom employ employed, but not the code, and returns the state of the browser.
// It is good for a few minutes only.
export async function signInHalf (browser, program) {
  const { context, page, close } = await visit(browser, program.url)
  await page.goto('/staff/sign-in')
  await page.locator('#name').fill(half.name)
  await page.locator('#passphrase').fill(half.passphrase)
  await follow(page, submit(page))
  await page.waitForURL('**/staff/code**')
  const state = await context.storageState()
  await close()
  return state
}

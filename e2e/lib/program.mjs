// The real program, with a demonstration in it.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const binary = process.env.SAYSO_BINARY ?? `${root}bin/sayso`

// start returns { url, links, surveys, stop } of a demonstration on a free port, once it is ready.
export async function start () {
  const server = spawn(binary, ['demo', '--json'], {
    env: { ...process.env, SAYSO_ADDR: '127.0.0.1:0' },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let log = ''
  server.stderr.on('data', data => { log += data })
  const ended = once(server, 'exit')
  const ready = once(createInterface({ input: server.stdout }), 'line')
  const line = await Promise.race([ready, ended.then(() => null)])
  if (!line) throw new Error(`the demonstration did not start:\n${log}`)
  return {
    ...JSON.parse(line[0]),
    log: () => log,
    stop: async () => {
      server.kill('SIGTERM')
      const [code] = await ended
      if (code !== 0) throw new Error(`the program ended with ${code}:\n${log}`)
    }
  }
}

// routes returns the table of routes as the program prints it.
export function routes () {
  return JSON.parse(execFileSync(binary, ['routes', '--json'], { encoding: 'utf8' }))
}

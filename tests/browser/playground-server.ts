import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface PlaygroundServer {
  url: string
  /** `SIGINT`, the default, ends it at once; `SIGTERM` when the answers that it is making are over; `SIGKILL` like a crash. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface PlaygroundOptions {
  /** The pace of the scripted model. */
  delayMs: number
  /** Default: a free one. */
  port?: string
  /** Where runs are kept. Default: in the process. */
  redisUrl?: string
}

/** Starts the playground as `npm start` does. */
export async function startPlayground({ delayMs, port = '0', redisUrl }: PlaygroundOptions): Promise<PlaygroundServer> {
  const folder = fileURLToPath(new URL('../../examples/playground/', import.meta.url))
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...rest } = process.env
  const env = { ...rest, PORT: port, SCRIPTED_DELAY_MS: String(delayMs), ...(redisUrl && { REDIS_URL: redisUrl, RUN_LEASE_MS: '3000' }) }
  const child = spawn(process.execPath, ['start.js'], { cwd: folder, env })
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (data: Buffer) => {
      said += data.toString()
      const found = /http:\/\/localhost:\d+\//.exec(said)
      if (found) resolve(found[0])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    void exit.then(() => reject(new Error(`The playground did not start:\n${said}`)))
  })
  return {
    url,
    async stop(signal = 'SIGINT') {
      child.kill(signal)
      await exit
    },
  }
}

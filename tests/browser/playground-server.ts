import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface PlaygroundServer {
  url: string
  stop(): Promise<void>
}

/** Starts the playground as `npm start` does, on a free port. `delayMs` is the pace of the scripted model. */
export async function startPlayground({ delayMs }: { delayMs: number }): Promise<PlaygroundServer> {
  const folder = fileURLToPath(new URL('../../examples/playground/', import.meta.url))
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...rest } = process.env
  const child = spawn(process.execPath, ['start.js'], { cwd: folder, env: { ...rest, PORT: '0', SCRIPTED_DELAY_MS: String(delayMs) } })
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
    async stop() {
      child.kill('SIGTERM')
      await exit
    },
  }
}

/** Serves a built app and a chat on one free port, with nothing but what the app's project has installed. Prints the URL. */
import { ai, parseChatRequest, toStreamResponse } from '@statechat/server'
import { scripted } from '@statechat/server/scripted'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { Readable } from 'node:stream'

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
const model = ai(scripted({ delayMs: 0 }))

async function chat(incoming) {
  const headers = { 'content-type': incoming.headers['content-type'] }
  const request = new Request('http://localhost/', { method: 'POST', headers, body: Readable.toWeb(incoming), duplex: 'half' })
  return toStreamResponse(model.chat(await parseChatRequest(request)))
}

const server = createServer(async (incoming, outgoing) => {
  if (incoming.url === '/api/chat') {
    const response = await chat(incoming)
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    Readable.fromWeb(response.body).pipe(outgoing)
    return
  }
  const path = incoming.url === '/' ? '/index.html' : incoming.url
  const file = await readFile(join('dist', path)).catch(() => null)
  outgoing.writeHead(file ? 200 : 404, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(file)
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))

import { getRequestListener } from '@hono/node-server'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createViteServer } from 'vite'

/** One process for all: `/api` is the Hono app, everything else are the pages, straight from source. */
const http = createHttpServer()
const vite = await createViteServer({
  configFile: new URL('vite.config.ts', import.meta.url).pathname,
  server: { middlewareMode: true, hmr: { server: http } },
  clearScreen: false,
})
const { app, modelName, drain } = await vite.ssrLoadModule('/server/app.ts')
const api = getRequestListener(app.fetch)

http.on('request', (request, response) => {
  if (request.url?.startsWith('/api/')) return api(request, response)
  return vite.middlewares(request, response)
})

const first = Number(process.env['PORT'] ?? 5173)
let port = first
http.on('error', (error) => {
  if (error.code !== 'EADDRINUSE' || process.env['PORT'] !== undefined || port >= first + 20) throw error
  http.listen(++port, '127.0.0.1')
})
http.on('listening', () => {
  console.log(`\n  statechat playground   http://localhost:${http.address().port}/`)
  console.log(`  model                  ${modelName}\n`)
})
http.listen(port, '127.0.0.1')

process.once('SIGINT', () => process.exit(0))
process.once('SIGTERM', async () => {
  // The port is free for the next one at once; answers are made to their end.
  http.close()
  await vite.close()
  await drain()
  http.closeAllConnections()
  process.exit(0)
})

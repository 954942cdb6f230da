/**
 * One of several equal server processes behind a proxy: whichever of them a request comes to, the runs are in Redis.
 * `REDIS_URL`, `PORT` and `SCRIPTED_DELAY_MS` are its settings; SIGTERM ends it without losing a run.
 */
import { getRequestListener } from '@hono/node-server'
import { ai, chatHandler } from '@statechat/server'
import { fromIoredis, redisRunLog } from '@statechat/server/redis'
import { scripted } from '@statechat/server/scripted'
import { Redis } from 'ioredis'
import { createServer } from 'node:http'
import { page, script } from './page.js'

const { REDIS_URL = 'redis://localhost:6379', PORT = '3000', SCRIPTED_DELAY_MS = '60' } = process.env

const redis = new Redis(REDIS_URL)
const log = redisRunLog(fromIoredis(redis))
const chat = chatHandler({
  model: ai(scripted({ delayMs: Number(SCRIPTED_DELAY_MS) })),
  log,
  // Ids are made by clients, so they are no secrets: whoever asks must be the one the thread belongs to.
  authorize: ({ threadId, request }) => threadId === undefined || threadId.startsWith(`${userOf(request)}-`),
})

/** Stands for your session: a cookie that a script cannot read, checked on the server. */
const userOf = (request) => /(?:^|;\s*)user=([\w-]+)/.exec(request.headers.get('cookie') ?? '')?.[1]

async function answer(request) {
  const { pathname } = new URL(request.url)
  if (pathname === '/api/chat') return chat(request)
  if (pathname === '/page.js') return new Response(script, { headers: { 'content-type': 'text/javascript' } })
  if (pathname !== '/') return new Response('Not found', { status: 404 })
  const user = userOf(request) ?? crypto.randomUUID()
  const headers = { 'content-type': 'text/html; charset=utf-8', 'set-cookie': `user=${user}; Path=/; HttpOnly; SameSite=Lax` }
  return new Response(page({ threadId: `${user}-1`, server: PORT }), { headers })
}

const server = createServer(getRequestListener(answer)).listen(Number(PORT), () => console.log(`listening on ${PORT}`))

process.once('SIGTERM', async () => {
  // Nobody new; who reads reconnects, and comes to another process; what is being made here is made to its end.
  server.close()
  await chat.drain()
  await log.dispose()
  await redis.quit()
})

import { isChatRequestError, parseChatRequest, toHttpStreamResponse, toStreamResponse } from '@statechat/server'
import { Hono, type Context } from 'hono'
import { chatModel, isScripted, model } from './model.ts'
import { mail, weather } from './tools.ts'

export { modelName } from './model.ts'

export const app = new Hono()

app.get('/api/model', (context) => context.json({ model, isScripted }))
app.post('/api/chat', async (context) => toStreamResponse(await answer(context)))
app.post('/api/chat.ndjson', async (context) => toHttpStreamResponse(await answer(context)))

app.onError((error, context) => {
  if (isChatRequestError(error)) return error.toResponse()
  console.error(error)
  return context.json({ error: { message: 'The server failed.' } }, 500)
})

async function answer(context: Context) {
  const { threadId, runId, parentRunId, messages, tools, resume } = await parseChatRequest(context.req.raw)
  // A person may play the weather service; nobody but the server sends mail.
  const ours = tools.some(({ name }) => name === weather.name) ? [mail] : [weather, mail]
  return chatModel.chat({
    messages,
    model,
    tools: [...tools, ...ours],
    resume,
    threadId,
    runId,
    parentRunId,
    system: 'You are a helpful assistant in the playground of statechat. Answer in Markdown.',
    signal: context.req.raw.signal,
    onError: (error) => console.error(error),
  })
}

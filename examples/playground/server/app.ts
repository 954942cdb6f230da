import { type ChatRequest, chatHandler } from '@statechat/server'
import { Hono } from 'hono'
import { log } from './log.ts'
import { chatModel, isScripted, model } from './model.ts'
import { mail, weather } from './tools.ts'

export { modelName } from './model.ts'

const chat = chatHandler({
  model: ({ input, signal }) => answer(input, signal),
  log,
  // Nobody signs in to a playground on one's own machine. A real server checks here whose thread it is.
  authorize: () => true,
  onError: (error) => console.error(error),
})

export const app = new Hono()

app.get('/api/model', (context) => context.json({ model, isScripted }))
app.all('/api/chat', (context) => chat(context.req.raw))

app.onError((error, context) => {
  console.error(error)
  return context.json({ error: { message: 'The server failed.' } }, 500)
})

/** Begins nothing new, and resolves when what is being made has come to its end. */
export async function drain(): Promise<void> {
  await chat.drain()
  await log.dispose()
}

function answer({ threadId, runId, parentRunId, messages, tools, resume }: ChatRequest, signal: AbortSignal) {
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
    signal,
    onError: (error) => console.error(error),
  })
}

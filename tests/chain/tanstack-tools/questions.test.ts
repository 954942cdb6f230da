import { type ChatTool, toolDefinition } from '@statechat/core'
import { defineInterrupt, toolDefinition as theirTool } from '@tanstack/ai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { callsOf, open, textOf, until } from '../support/session.ts'
import { callsThenSays, says, type Script, tanstackServer } from './server.ts'

/** Questions of TanStack AI's middleware that are about no call. */
type Phase = 'beforeModel' | 'afterModel' | 'beforeTools' | 'afterTools'

const review = defineInterrupt({
  id: 'review',
  payloadSchema: z.object({ title: z.string() }),
  responseSchema: z.object({ ok: z.boolean() }),
})

/** A middleware that asks once at this point, and notes what it hears. */
function reviewer(phase: Phase) {
  const heard: { status: string; response?: unknown }[] = []
  let asked = 0
  const middleware = {
    name: 'reviewer',
    onInterruptBoundary(context: { phase: string }) {
      if (context.phase !== phase || asked > 0) return undefined
      asked++
      return {
        interrupts: [review.interrupt({ key: 'plan', reason: 'review-required', message: 'Is this plan fine?', payload: { title: 'Plan' } })],
      }
    },
    onInterruptResolution(_context: unknown, resumed: { for(definition: unknown): { status: string; response?: unknown }[] }) {
      for (const { status, response } of resumed.for(review)) heard.push({ status, ...(response !== undefined && { response }) })
      return undefined
    },
  }
  return { options: { interrupts: [review], middleware: [middleware] }, heard }
}

async function asked(
  phase: Phase,
  options: object = {},
  { script = () => says('m', 'Fine.'), tools }: { script?: Script; tools?: readonly ChatTool[] } = {},
) {
  const { options: asking, heard } = reviewer(phase)
  const server = await tanstackServer(script, { ...asking, ...options })
  const session = open({ connection: server.connection, tools })
  const turn = session.chat.sendMessage('Plan!')
  const { interrupts } = await until(session.chat, ({ phase: now }) => now === 'local')
  return { ...server, ...session, turn, heard, interrupts, id: interrupts[0]?.id ?? '' }
}

describe('a question of a middleware', () => {
  it('is shown with its schema and what it is about', async () => {
    const { interrupts } = await asked('beforeModel')
    expect(interrupts).toMatchObject([
      {
        reason: 'review-required',
        message: 'Is this plan fine?',
        responseSchema: { properties: { ok: { type: 'boolean' } } },
        metadata: { 'tanstack:interruptPayload': { title: 'Plan' } },
      },
    ])
  })

  it('is answered, and the turn goes on', async () => {
    const { chat, turn, heard, id, sent } = await asked('beforeModel')
    await chat.resolveInterrupt(id, { ok: true })
    const { outcome, message, error } = await turn
    expect(error).toBeUndefined()
    expect([outcome, textOf(message), heard]).toEqual(['finished', 'Fine.', [{ status: 'resolved', response: { ok: true } }]])
    expect(sent[1]).toMatchObject({ parentRunId: sent[0]!.runId, resume: [{ interruptId: id, status: 'resolved', payload: { ok: true } }] })
  })

  it('does not take what its schema refuses, and stays open', async () => {
    const { chat, turn, id, heard } = await asked('beforeModel')
    await expect(chat.resolveInterrupt(id, { ok: 'yes' })).rejects.toMatchObject({ code: 'invalid_input' })
    await chat.resolveInterrupt(id, { ok: false })
    expect([(await turn).outcome, heard]).toEqual(['finished', [{ status: 'resolved', response: { ok: false } }]])
  })

  it('after what the model has said keeps that', async () => {
    const script: Script = (_options, call) => says(`m${call}`, call === 1 ? 'Here is a plan. ' : 'Then go.')
    const { chat, turn, id, heard } = await asked('afterModel', {}, { script })
    await chat.resolveInterrupt(id, { ok: true })
    const { outcome, message } = await turn
    expect([outcome, textOf(message), heard.length]).toEqual(['finished', 'Here is a plan. Then go.', 1])
  })

  it('beside a call of a tool of ours: both are answered', async () => {
    const script = callsThenSays([['c1', 'locate', {}]], 'Sunny in Rome.')
    const tools = [toolDefinition({ name: 'locate', description: 'Where' }).client(() => 'Rome')]
    const { chat, turn, id, heard, toldByTools, sent } = await asked('beforeTools', {}, { script, tools })
    await chat.resolveInterrupt(id, { ok: true })
    const { outcome, message } = await turn
    expect([outcome, textOf(message), toldByTools(), heard.length]).toEqual(['finished', 'Sunny in Rome.', [['c1', 'Rome']], 1])
    expect(sent[1]!.resume?.map(({ interruptId }) => interruptId)).toEqual([id])
  })

  it('may be given back, and the server hears that', async () => {
    const { chat, turn, heard, id } = await asked('beforeModel')
    chat.cancelInterrupt(id)
    expect([(await turn).outcome, heard]).toEqual(['finished', [{ status: 'cancelled' }]])
  })

  it('before tools of the server: they run once it is answered', async () => {
    const weather = theirTool({ name: 'weather', description: 'Weather', inputSchema: z.object({ city: z.string() }) })
    const cities: string[] = []
    const script = callsThenSays([['c1', 'weather', { city: 'Rome' }]], 'Sunny.')
    const tools = [weather.server(async ({ city }) => ({ sun: cities.push(city) > 0 }))]
    const { chat, turn, id, heard, toldByTools } = await asked('beforeTools', { tools }, { script })
    expect(cities).toEqual([])
    await chat.resolveInterrupt(id, { ok: true })
    const { outcome, message } = await turn
    expect([outcome, textOf(message), cities, heard.length]).toEqual(['finished', 'Sunny.', ['Rome'], 1])
    expect(toldByTools()).toEqual([['c1', '{"sun":true}']])
    expect(callsOf(message)).toMatchObject([{ state: 'complete', output: { sun: true } }])
  })

  it('that stop() has left is given back with the next message', async () => {
    const { chat, turn, heard } = await asked('beforeModel')
    chat.stop()
    expect((await turn).outcome).toBe('stopped')
    const { outcome, error } = await chat.sendMessage('Go on')
    expect(error).toBeUndefined()
    expect([outcome, heard]).toEqual(['finished', [{ status: 'cancelled' }]])
  })
})

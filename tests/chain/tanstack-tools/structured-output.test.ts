import { EventType, toolDefinition as theirTool } from '@tanstack/ai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { callsOf, open, until } from '../support/session.ts'
import { calls, event, finished, says, type Script, started, tanstackServer } from './server.ts'

/** `chat({ outputSchema, stream: true })` of TanStack AI, and ours. */
const recipe = z.object({ title: z.string(), steps: z.array(z.string()) })
const pancakes = { title: 'Pancakes', steps: ['mix', 'fry'] }
const json = JSON.stringify(pancakes)

/** An answer of the model in the schema, as an adapter streams it. */
const answers = (object: unknown = pancakes, raw = json) => [
  ...says('m9', raw.slice(0, 12), raw.slice(12)).slice(0, -1),
  event({ type: EventType.CUSTOM, name: 'structured-output.complete', value: { object, raw } }),
  finished('stop'),
]
const answersAtOnce: Script = () => answers()

describe('a structured answer', () => {
  it('grows as partial, and is final when it is whole', async () => {
    let goOn = () => {}
    const seen = new Promise<void>((resolve) => (goOn = resolve))
    const script: Script = async function* () {
      const chunks = answers()
      yield* chunks.slice(0, 3)
      await seen
      yield* chunks.slice(3)
    }
    const { connection } = await tanstackServer(script, { outputSchema: recipe, stream: true })
    const { chat, finishes } = open({ connection, outputSchema: recipe })
    const turn = chat.sendMessage('Pancakes!')
    const { partial, final } = await until(chat, (snapshot) => snapshot.partial !== null)
    expect([partial, final]).toEqual([{ title: 'Pa' }, null])
    goOn()
    const { outcome, message, error } = await turn
    expect(error).toBeUndefined()
    expect([outcome, chat.getSnapshot().partial, chat.getSnapshot().final, finishes.length]).toEqual(['finished', pancakes, pancakes, 1])
    expect(message?.parts).toMatchObject([{ type: 'structured-output', status: 'complete', data: pancakes, raw: json }])
  })

  it('comes after the tools of the server', async () => {
    const weather = theirTool({ name: 'weather', description: 'Weather', inputSchema: z.object({ city: z.string() }) })
    const script: Script = (_options, call) =>
      call === 1 ? calls(['c1', 'weather', { city: 'Rome' }]) : call === 2 ? says('m2', 'Now I know.') : answers()
    const tools = [weather.server(async () => ({ sun: true }))]
    const { connection } = await tanstackServer(script, { tools, outputSchema: recipe, stream: true })
    const { chat } = open({ connection, outputSchema: recipe })
    const { outcome, message } = await chat.sendMessage('What to cook in Rome?')
    expect([outcome, chat.getSnapshot().final]).toEqual(['finished', pancakes])
    expect(message?.parts.map(({ type }) => type)).toEqual(['tool-call', 'tool-result', 'text', 'structured-output'])
  })

  it('comes after a tool of ours and after a yes', async () => {
    const mail = theirTool({ name: 'mail', description: 'Mail', needsApproval: true }).server(async () => 'sent')
    const script: Script = ({ messages }, call) => {
      if (call === 1) return calls(['c1', 'locate', {}], ['c2', 'mail', {}])
      return messages.at(-1)?.role === 'tool' && call === 2 ? says('m2', 'Now I know.') : answers()
    }
    const { connection, toldByTools } = await tanstackServer(script, { tools: [mail], outputSchema: recipe, stream: true })
    const { chat } = open({ connection, outputSchema: recipe, tools: [{ name: 'locate', description: 'Where', execute: () => 'Rome' }] as never })
    const turn = chat.sendMessage('What to cook?')
    await until(chat, ({ phase }) => phase === 'local')
    await chat.approve('c2')
    const { outcome, message } = await turn
    expect([outcome, chat.getSnapshot().final]).toEqual(['finished', pancakes])
    expect(callsOf(message).map(({ state }) => state)).toEqual(['complete', 'complete'])
    expect(toldByTools()?.length).toBe(2)
  })

  it('that our schema refuses is an error, and retry() asks again', async () => {
    const script: Script = (_options, call) => (call === 1 ? answers({ title: 7 }, '{"title": 7, "x": 1}') : answers())
    const { connection } = await tanstackServer(script, { outputSchema: recipe, stream: true })
    const { chat } = open({ connection, outputSchema: recipe })
    expect((await chat.sendMessage('Pancakes!')).error).toMatchObject({ code: 'invalid_output' })
    expect([(await chat.retry()).outcome, chat.getSnapshot().final]).toEqual(['finished', pancakes])
  })

  it('that the server could not make is its error', async () => {
    const script: Script = () => [started, event({ type: EventType.RUN_ERROR, message: 'the model refused', code: 'refusal' })]
    const { connection } = await tanstackServer(script, { outputSchema: recipe, stream: true })
    const { chat } = open({ connection, outputSchema: recipe })
    expect((await chat.sendMessage('Pancakes!')).error).toMatchObject({ code: 'server', serverCode: 'refusal' })
    expect(chat.getSnapshot().final).toBeNull()
  })

  it('goes back to the model with the next question', async () => {
    const { connection, lastAsked } = await tanstackServer(answersAtOnce, { outputSchema: recipe, stream: true })
    const { chat } = open({ connection, outputSchema: recipe })
    await chat.sendMessage('Pancakes!')
    await chat.sendMessage('Again!')
    expect(lastAsked().map(({ role, content }) => [role, content])).toEqual([
      ['user', 'Pancakes!'],
      ['assistant', json],
      ['user', 'Again!'],
    ])
  })
})

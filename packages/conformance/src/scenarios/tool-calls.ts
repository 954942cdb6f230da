import { type Chunk, toolDefinition } from '@statechat/core'
import { manualConnection, run, text, toolCall, toolResult } from '@statechat/core/testing'
import { expect } from 'vitest'
import { z } from 'zod'
import { manualTool } from '../manual-tool.ts'
import { FINISHED, owned, show, STARTED } from '../page.ts'
import { argumentsIn, resultsIn } from '../request.ts'
import type { Scenario } from '../scenario.ts'
import { hidden } from '../watch.ts'

const weather = { name: 'weather', inputSchema: z.object({ city: z.string() }), outputSchema: z.object({ degrees: z.number() }) }

/** Calls as they come from the wire, also those of the server’s tools. */
export const toolCalls: Scenario[] = [
  {
    title: 'arguments that are no JSON never reach the tool, and the model is told so',
    async run(harness) {
      const tool = manualTool('weather')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      await page.ask('Go')
      await page.play(connection.run, [
        { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'weather' },
        { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"city":' },
        { type: 'TOOL_CALL_END', toolCallId: 'c1' },
      ])
      expect(tool.calls).toHaveLength(0)
      expect(page.shown.lines.at(-1)).toMatch(/error ! The arguments of weather are not valid JSON/)
      expect(argumentsIn(connection.run)).toEqual(['c1 = {}'])
      expect(resultsIn(connection.run)[0]).toMatch(/^c1 ! The arguments of weather are not valid JSON/)
    },
  },
  {
    title: 'race 15: a call whose arguments were cut off by stop is never run, and the next request is one that providers take',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      await page.ask('Go')
      await page.push(connection.run, STARTED, ...toolCall('c1', 'work', { whole: true }), ...toolCall('c2', 'work', { cut: 'off' }).slice(0, 1), {
        type: 'TOOL_CALL_ARGS',
        toolCallId: 'c2',
        delta: '{"cut":"of',
      })
      expect(page.shown.lines.at(-1)).toBe('assistant: work({"whole":true}) input-complete work({"cut":"of"}) input-streaming')
      page.act.stop()
      await page.flush()
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: work\({"whole":true}\) cancelled work\(.*\) cancelled$/)
      expect(tool.calls).toHaveLength(0)
      await page.ask('Again')
      expect(argumentsIn(connection.run)).toEqual(['c1 = {"whole":true}', 'c2 = {}'])
      expect(resultsIn(connection.run)).toEqual([expect.stringMatching(/^c1 ! .*cancelled/), expect.stringMatching(/^c2 ! .*cancelled/)])
    },
  },
  {
    title: 'race 25: the input of a call grows while its arguments stream, and 100 kB in 2,000 pieces make a render per read',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Go')
      const args = (delta: string): Chunk => ({ type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta })
      await page.push(connection.run, STARTED, { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'write', parentMessageId: 'm1' })
      expect(page.shown.lines.at(-1)).toBe('assistant: write() awaiting-input')
      for (const [delta, input] of [
        ['{"title":"A lo', '{"title":"A lo"}'],
        ['ng one","tags":["x"', '{"title":"A long one","tags":["x"]}'],
        ['],"pages":12', '{"title":"A long one","tags":["x"]}'],
        [',"body":"', '{"title":"A long one","tags":["x"],"pages":12,"body":""}'],
      ] as const) {
        await page.push(connection.run, args(delta))
        expect(page.shown.lines.at(-1)).toBe(`assistant: write(${input}) input-streaming`)
      }
      const before = page.computed.rows['m1']!
      const piece = 'x'.repeat(50)
      for (let read = 1; read <= 20; read++) {
        await page.push(connection.run, ...Array.from({ length: 100 }, () => args(piece)))
        expect(page.shown.lines.at(-1)).toContain(`"body":"${piece.repeat(100 * read)}"`)
      }
      expect(page.computed.rows['m1']! - before).toBeLessThanOrEqual(40)
      await page.push(connection.run, args('"}'), { type: 'TOOL_CALL_END', toolCallId: 'c1' })
      const input = { title: 'A long one', tags: ['x'], pages: 12, body: piece.repeat(2000) }
      expect(page.shown.lines.at(-1)).toBe(`assistant: write(${JSON.stringify(input)}) input-complete`)
    },
  },
  {
    title: 'race 30: calls and tools named as what every object has are plain data',
    async run(harness) {
      const ran: unknown[] = []
      const connection = manualConnection()
      const names = ['__proto__', 'constructor', 'toString']
      const page = await show(harness, owned(connection, { tools: names.map((name) => ({ name, execute: (input: unknown) => ran.push(input) })) }))
      await page.ask('Go')
      await page.play(
        connection.run,
        names.flatMap((name) => toolCall(name, name, { name })),
      )
      expect(ran).toEqual(names.map((name) => ({ name })))
      expect(resultsIn(connection.run)).toEqual(names.map((name, i) => `${name} = ${i + 1}`))
      expect(page.shown.lines.at(-1)).toBe(`assistant: ${names.map((name, i) => `${name}({"name":"${name}"}) complete = ${i + 1}`).join(' ')}`)
    },
  },
  {
    title: 'race 30: a call of a tool that nobody has, named as what every object has, is not run and not waited for',
    async run(harness) {
      const warnings: string[] = []
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [{ name: 'where' }], onWarning: ({ code }) => warnings.push(code) }))
      await page.ask('Go')
      await page.play(connection.run, [...toolCall('constructor', 'constructor', {}), ...toolCall('__proto__', '__proto__', {})])
      expect(page.shown).toMatchObject({ status: 'idle', error: '' })
      expect(page.shown.lines.at(-1)).toBe('assistant: constructor({}) input-complete __proto__({}) input-complete')
      expect(warnings).toEqual(['unanswered_call', 'unanswered_call'])
    },
  },
  {
    title: 'a tool of the server is not offered to the model, its call is the server’s to answer, and its result is shown',
    async run(harness) {
      const ran: unknown[] = []
      const heard: string[] = []
      const connection = manualConnection()
      const definition = toolDefinition(weather)
      const pick = toolDefinition({ name: 'pick' }).client()
      const known = definition.server()
      const whole = toolDefinition({ ...weather, name: 'whole' }).server((input) => ({ degrees: ran.push(input) }))
      const page = await show(harness, owned(connection, { tools: [known, whole, pick], onToolCall: ({ name }) => heard.push(name) }))
      await page.ask('Weather?')
      expect(connection.run.context.input.tools.map(({ name }) => name)).toEqual(['pick'])
      await page.push(connection.run, STARTED, ...toolCall('c1', 'weather', { city: 'Oslo' }), ...toolCall('c2', 'whole', { city: 'Rome' }))
      expect(page.shown).toMatchObject({ status: 'tool-calling', phase: 'remote' })
      await page.push(connection.run, { type: 'CUSTOM', name: 'tool-progress', value: { toolCallId: 'c1', progress: 0.5 } })
      expect(page.shown.lines.at(-1)).toBe('assistant: weather({"city":"Oslo"}) input-complete at 0.5 whole({"city":"Rome"}) input-complete')
      await page.push(connection.run, toolResult('c2', { degrees: 20 }), toolResult('c1', { degrees: 3 }))
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'receiving' })
      await page.push(connection.run, ...text('m1', 'Cold.'), FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle' })
      expect(page.shown.lines.at(-1)).toMatch(
        /^assistant: weather\({"city":"Oslo"}\) complete .*= {"degrees":3} whole\({"city":"Rome"}\) complete = {"degrees":20} Cold\.$/,
      )
      expect(connection.runs).toHaveLength(1)
      expect([ran, heard]).toEqual([[], []])
    },
  },
  {
    title: 'race 24: in a hidden page, where no timer fires, tools run and their answer arrives all the same',
    async run(harness) {
      const tool = manualTool('work', { inputSchema: z.object({}), outputSchema: z.string() })
      const connection = manualConnection()
      await hidden(async () => {
        const page = await show(harness, { connection, tools: [tool.tool] })
        await page.ask('Go')
        await page.play(connection.run, [...text('m1', 'Wait.'), ...toolCall('c1', 'work', {})])
        tool.call.emit(0.5)
        await page.flush()
        expect(page.shown.lines.at(-1)).toBe('assistant: Wait. work({}) executing at 0.5')
        tool.call.end('done')
        await page.flush()
        expect(connection.runs).toHaveLength(2)
        for (const delta of ['It ', 'is ', 'done.']) await page.push(connection.run, { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm2', delta })
        expect(page.shown.lines.at(-1)).toMatch(/complete .*= "done" It is done\.$/)
        await page.push(connection.run, ...run([]).slice(-1))
        await page.close(connection.run)
        expect(page.shown.status).toBe('idle')
      })
    },
  },
  {
    title: 'a call of a tool of the server that the server leaves without a result ends the turn with a warning, and is not waited for',
    async run(harness) {
      const warnings: string[] = []
      const connection = manualConnection()
      const tools = [toolDefinition(weather).server()]
      const page = await show(harness, owned(connection, { tools, onWarning: ({ code }) => warnings.push(code) }))
      const turn = page.act.sendMessage('Weather?')
      await page.flush()
      await page.play(connection.run, toolCall('c1', 'weather', { city: 'Oslo' }))
      expect(page.shown).toMatchObject({ status: 'idle', isLoading: false })
      expect(await turn).toMatchObject({ outcome: 'finished' })
      expect(connection.runs).toHaveLength(1)
      expect(warnings).toEqual(['unanswered_call'])
    },
  },
  {
    title: 'race 30: fields named __proto__ and constructor are plain data, while the input grows and in the result',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      await page.ask('Go')
      const json = '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}'
      await page.push(connection.run, STARTED, { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'work' })
      // One read per character, so that the input grows field by field.
      for (const delta of json) await connection.run.push({ type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta })
      await page.flush()
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
      expect(page.shown.lines.at(-1)).toBe(`assistant: work(${json}) input-streaming`)
      await page.push(connection.run, FINISHED)
      await page.close(connection.run)
      tool.call.end(JSON.parse(json))
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe(`assistant: work(${json}) complete = ${json}`)
      expect(argumentsIn(connection.run)).toEqual([`c1 = ${json}`])
      expect(resultsIn(connection.run)).toEqual([`c1 = ${json}`])
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    },
  },
]

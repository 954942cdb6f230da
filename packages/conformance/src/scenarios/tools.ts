import { toolDefinition } from '@statechat/core'
import { manualConnection, text, toolCall } from '@statechat/core/testing'
import { expect } from 'vitest'
import { z } from 'zod'
import { manualTool } from '../manual-tool.ts'
import { FINISHED, owned, show, STARTED } from '../page.ts'
import { resultsIn } from '../request.ts'
import type { Scenario } from '../scenario.ts'
import { timers } from '../watch.ts'

/** Tools of the client: who runs them, and where their results go. The numbers are those of the list of races. */
export const tools: Scenario[] = [
  {
    title: 'race 8: two tools run side by side and the page goes on meanwhile; they end in reverse order, and one request carries both results',
    async run(harness) {
      const slow = manualTool('slow')
      const fast = manualTool('fast')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [slow.tool, fast.tool] }))
      await page.ask('Go')
      await page.play(connection.run, [...text('m1', 'Wait.'), ...toolCall('c1', 'slow', { n: 1 }), ...toolCall('c2', 'fast', { n: 2 })])
      expect([slow.call.input, fast.call.input]).toEqual([{ n: 1 }, { n: 2 }])
      expect(page.shown).toMatchObject({ status: 'tool-calling', phase: 'local', isLoading: true })
      expect(page.shown.lines.at(-1)).toBe('assistant: Wait. slow({"n":1}) executing fast({"n":2}) executing')
      await page.ask('And then?')
      expect(page.shown.queue).toEqual(['And then?'])
      fast.call.end('two')
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: Wait. slow({"n":1}) executing fast({"n":2}) complete = "two"')
      expect(connection.runs).toHaveLength(1)
      slow.call.end('one')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'connecting' })
      expect(connection.runs).toHaveLength(2)
      expect(resultsIn(connection.run)).toEqual(['c1 = one', 'c2 = two'])
      await page.answer(connection.run, 'm2', 'Done')
      expect(page.shown.lines[1]).toBe('assistant: Wait. slow({"n":1}) complete = "one" fast({"n":2}) complete = "two" Done')
      expect([slow.calls.length, fast.calls.length]).toEqual([1, 1])
    },
  },
  {
    title: 'a call of a tool without execute waits for its answer, and onToolCall hears of it once, with its input',
    async run(harness) {
      const heard: string[] = []
      const connection = manualConnection()
      const tools = [toolDefinition({ name: 'pick' }).client()]
      const page = await show(
        harness,
        owned(connection, { tools, onToolCall: ({ id, name, input }) => heard.push(`${id} ${name} ${JSON.stringify(input)}`) }),
      )
      await page.ask('Pick one')
      expect(connection.run.context.input.tools.map(({ name }) => name)).toEqual(['pick'])
      await page.play(connection.run, toolCall('c1', 'pick', { of: [1, 2] }))
      await timers()
      await page.flush()
      expect(heard).toEqual(['c1 pick {"of":[1,2]}'])
      expect(page.shown).toMatchObject({
        status: 'tool-calling',
        phase: 'local',
        lines: ['user: Pick one', 'assistant: pick({"of":[1,2]}) input-complete'],
      })
      page.act.addToolResult({ toolCallId: 'c1', output: { picked: 2 } })
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: pick({"of":[1,2]}) complete = {"picked":2}')
      expect(resultsIn(connection.run)).toEqual(['c1 = {"picked":2}'])
      expect(connection.runs).toHaveLength(2)
    },
  },
  {
    title: 'an answer with an error is shown with the call, and the model gets to read it',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [{ name: 'where' }] }))
      await page.ask('Where am I?')
      await page.play(connection.run, toolCall('c1', 'where', {}))
      page.act.addToolResult({ toolCallId: 'c1', error: 'Nobody may know.' })
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: where({}) error ! Nobody may know.')
      expect(resultsIn(connection.run)).toEqual(['c1 ! Nobody may know.'])
    },
  },
  {
    title: 'race 7: the answer may be given and awaited inside onToolCall',
    async run(harness) {
      const after: string[] = []
      const connection = manualConnection()
      const page = await show(
        harness,
        owned(connection, {
          tools: [{ name: 'at-once' }, { name: 'later' }],
          async onToolCall({ id, name }) {
            if (name === 'later') await timers()
            await page.act.addToolResult({ toolCallId: id, output: name })
            after.push(name)
          },
        }),
      )
      const turn = page.act.sendMessage('Go')
      await page.flush()
      await page.play(connection.run, [...toolCall('c1', 'at-once', {}), ...toolCall('c2', 'later', {})])
      await timers()
      await page.flush()
      expect(after).toEqual(['at-once', 'later'])
      expect(resultsIn(connection.run)).toEqual(['c1 = at-once', 'c2 = later'])
      await page.answer(connection.run, 'm2', 'Done')
      expect(await turn).toMatchObject({ outcome: 'finished' })
      expect(page.shown.lines.at(-1)).toBe('assistant: at-once({}) complete = "at-once" later({}) complete = "later" Done')
    },
  },
  {
    title: 'the results of tools are known to the next request in whatever order a person answers',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }))
      await page.ask('Go')
      await page.play(connection.run, [...toolCall('c1', 'a', {}), ...toolCall('c2', 'b', {}), ...toolCall('c3', 'c', {})])
      for (const [toolCallId, output] of [
        ['c3', 3],
        ['c2', 2],
        ['c1', 1],
      ] as const) {
        expect(connection.runs).toHaveLength(1)
        page.act.addToolResult({ toolCallId, output })
        await page.flush()
      }
      expect(page.shown.lines.at(-1)).toBe('assistant: a({}) complete = 1 b({}) complete = 2 c({}) complete = 3')
      expect(connection.runs).toHaveLength(2)
      expect(resultsIn(connection.run)).toEqual(['c1 = 1', 'c2 = 2', 'c3 = 3'])
    },
  },
  {
    title: 'a tool that throws, at once or later, is an error of its call, which the next request carries',
    async run(harness) {
      const later = manualTool('later')
      const connection = manualConnection()
      const atOnce = toolDefinition({ name: 'at_once' }).client(() => {
        throw new Error('No such city')
      })
      const page = await show(harness, owned(connection, { tools: [atOnce, later.tool] }))
      await page.ask('Go')
      await page.play(connection.run, [...toolCall('c1', 'at_once', {}), ...toolCall('c2', 'later', {})])
      expect(page.shown.lines.at(-1)).toBe('assistant: at_once({}) error ! No such city later({}) executing')
      later.call.fail('no Error at all')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', error: '' })
      expect(page.shown.lines.at(-1)).toBe('assistant: at_once({}) error ! No such city later({}) error ! no Error at all')
      expect(resultsIn(connection.run)).toEqual(['c1 ! No such city', 'c2 ! no Error at all'])
    },
  },
  {
    title: 'an input that the schema refuses never reaches the tool; the model is told why, and its next try runs with what the schema made of it',
    async run(harness) {
      const tool = manualTool('weather', { inputSchema: z.object({ city: z.string(), unit: z.string().default('C') }) })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'weather', { city: 7 }))
      expect(tool.calls).toHaveLength(0)
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: weather\({"city":7}\) error ! Invalid input: city: .*string/)
      expect(resultsIn(connection.run)[0]).toMatch(/^c1 ! Invalid input: city: .*string/)
      await page.play(connection.run, toolCall('c2', 'weather', { city: 'Oslo' }))
      expect(tool.calls.map(({ input }) => input)).toEqual([{ city: 'Oslo', unit: 'C' }])
    },
  },
  {
    title: 'an output that the schema refuses is an error of the call, and one that it takes is shown as the schema makes it',
    async run(harness) {
      const warnings: string[] = []
      const outputSchema = z.object({ degrees: z.number() })
      const bad = manualTool('bad', { outputSchema })
      const good = manualTool('good', { outputSchema })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [bad.tool, good.tool], onWarning: ({ code }) => warnings.push(code) }))
      await page.ask('Go')
      await page.play(connection.run, [...toolCall('c1', 'bad', {}), ...toolCall('c2', 'good', {})])
      bad.call.end({ degrees: 'warm' })
      good.call.end({ degrees: 20, secret: 'x' })
      await page.flush()
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: bad\({}\) error ! .*degrees: .* good\({}\) complete = {"degrees":20}$/)
      const [first, second] = resultsIn(connection.run)
      expect(first).toMatch(/^c1 ! .*degrees: /)
      expect(second).toBe('c2 = {"degrees":20}')
      expect(warnings).toEqual(['tool_failed'])
    },
  },
  {
    title: 'a tool that gives nothing has answered all the same',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [toolDefinition({ name: 'beep' }).client(() => {})] }))
      await page.ask('Beep')
      await page.play(connection.run, toolCall('c1', 'beep', {}))
      expect(page.shown.lines.at(-1)).toBe('assistant: beep({}) complete = null')
      expect(resultsIn(connection.run)).toEqual(['c1 = null'])
    },
  },
  {
    title: 'an answer that comes while the run is still open is kept and shown; the run goes on to its end, and then the next begins',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [{ name: 'where' }] }))
      await page.ask('Where am I?')
      await page.push(connection.run, STARTED, ...toolCall('c1', 'where', {}))
      page.act.addToolResult({ toolCallId: 'c1', output: 'Oslo' })
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: where({}) complete = "Oslo"')
      await page.push(connection.run, ...text('m1', 'Let me see.'))
      expect(page.shown.lines.at(-1)).toBe('assistant: where({}) complete = "Oslo" Let me see.')
      expect(connection.runs).toHaveLength(1)
      expect(connection.run.signal.aborted).toBe(false)
      await page.push(connection.run, FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'connecting' })
      expect(connection.runs).toHaveLength(2)
      expect(resultsIn(connection.run)).toEqual(['c1 = Oslo'])
    },
  },
  {
    title: 'what a tool reports is shown while it runs, the latest in the place of the one before',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'work', {}))
      for (const progress of [0, 0.5, { step: 'last' }]) {
        tool.call.emit(progress)
        await page.flush()
        expect(page.shown.lines.at(-1)).toBe(`assistant: work({}) executing at ${JSON.stringify(progress)}`)
      }
      tool.call.end(null)
      await page.flush()
      tool.call.emit('late')
      await page.flush()
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: work\({}\) complete .*= null$/)
      expect(page.shown.lines.at(-1)).not.toContain('late')
    },
  },
]

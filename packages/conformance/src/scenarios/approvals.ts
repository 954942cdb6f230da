import { type ChatTool, createChat, syncScheduler } from '@statechat/core'
import { manualConnection, toolCall } from '@statechat/core/testing'
import { expect } from 'vitest'
import { z } from 'zod'
import { manualTool } from '../manual-tool.ts'
import { owned, show } from '../page.ts'
import { argumentsIn, resultsIn } from '../request.ts'
import type { Scenario } from '../scenario.ts'
import { timers } from '../watch.ts'

const removing = (tool: ChatTool): { tools: ChatTool[] } => ({ tools: [tool] })

/** What a person is asked before a tool of the client runs. */
export const approvals: Scenario[] = [
  {
    title: 'a tool that needs approval asks, waits, and runs once a person agrees; the request carries its result and nothing else',
    async run(harness) {
      const tool = manualTool('remove', { needsApproval: true })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, removing(tool.tool)))
      await page.ask('Clean up')
      await page.play(connection.run, toolCall('c1', 'remove', { path: '/tmp' }))
      await timers()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', phase: 'local', isLoading: true })
      expect(page.shown.lines.at(-1)).toBe('assistant: remove({"path":"/tmp"}) approval-requested')
      expect(tool.calls).toHaveLength(0)
      await page.act.approve('c1')
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: remove({"path":"/tmp"}) executing')
      expect(connection.runs).toHaveLength(1)
      // Who clicks twice has agreed once.
      await page.act.approve('c1')
      await page.flush()
      tool.call.end('gone')
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: remove({"path":"/tmp"}) complete = "gone"')
      expect([tool.calls.length, connection.runs.length]).toEqual([1, 2])
      expect(resultsIn(connection.run)).toEqual(['c1 = gone'])
      expect(connection.run.context.resume).toBeUndefined()
    },
  },
  {
    title: 'a tool that a person denies is never run, and the model is told why',
    async run(harness) {
      const tool = manualTool('remove', { needsApproval: true })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, removing(tool.tool)))
      await page.ask('Clean up')
      await page.play(connection.run, toolCall('c1', 'remove', { path: '/' }))
      page.act.deny('c1', 'I still need it')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'connecting' })
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: remove\({"path":"\/"}\) cancelled ! .*I still need it/)
      expect(resultsIn(connection.run)).toEqual([expect.stringMatching(/^c1 ! .*denied.*I still need it/)])
      expect(connection.run.context.resume).toBeUndefined()
      await page.answer(connection.run, 'm2', 'As you wish.')
      expect(page.shown.lines.at(-1)).toMatch(/ As you wish\.$/)
      expect(tool.calls).toHaveLength(0)
    },
  },
  {
    title: 'a person may edit the input while agreeing; one that the schema refuses is rejected, and the question stays',
    async run(harness) {
      const tool = manualTool('send', { needsApproval: true, inputSchema: z.object({ to: z.string() }) })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, removing(tool.tool)))
      await page.ask('Write to Ann')
      await page.play(connection.run, toolCall('c1', 'send', { to: 'ann' }))
      await expect(page.act.approve('c1', { editedInput: { to: 7 } })).rejects.toMatchObject({ code: 'invalid_input', issues: [{ path: ['to'] }] })
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', error: '' })
      expect(page.shown.lines.at(-1)).toBe('assistant: send({"to":"ann"}) approval-requested')
      expect(tool.calls).toHaveLength(0)
      await page.act.approve('c1', { editedInput: { to: 'anna' } })
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: send({"to":"anna"}) executing')
      expect(tool.call.input).toEqual({ to: 'anna' })
      tool.call.end('sent')
      await page.flush()
      expect(argumentsIn(connection.run)).toEqual(['c1 = {"to":"anna"}'])
      expect(resultsIn(connection.run)).toEqual(['c1 = sent'])
    },
  },
  {
    title: 'several questions are answered one by one, a tool that needs no answer runs meanwhile, and one request follows',
    async run(harness) {
      const careful = manualTool('careful', { needsApproval: true })
      const quick = manualTool('quick')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [careful.tool, quick.tool] }))
      await page.ask('Go')
      const calls = [...toolCall('c1', 'careful', { n: 1 }), ...toolCall('c2', 'careful', { n: 2 }), ...toolCall('c3', 'quick', {})]
      await page.play(connection.run, calls)
      expect(page.shown.lines.at(-1)).toBe('assistant: careful({"n":1}) approval-requested careful({"n":2}) approval-requested quick({}) executing')
      page.act.deny('c1')
      await page.flush()
      expect(careful.calls).toHaveLength(0)
      await page.act.approve('c2')
      await page.flush()
      quick.call.end('three')
      await page.flush()
      expect(page.shown.lines.at(-1)).toMatch(
        /^assistant: careful\({"n":1}\) cancelled ! .* careful\({"n":2}\) executing quick\({}\) complete = "three"$/,
      )
      expect(connection.runs).toHaveLength(1)
      careful.call.end('two')
      await page.flush()
      expect(connection.runs).toHaveLength(2)
      expect(resultsIn(connection.run)).toEqual([expect.stringMatching(/^c1 ! .*denied/), 'c2 = two', 'c3 = three'])
      expect(careful.calls.map(({ input }) => input)).toEqual([{ n: 2 }])
    },
  },
  {
    title: 'whether a tool asks may depend on its input',
    async run(harness) {
      const tool = manualTool('remove', { needsApproval: async ({ path }: { path: string }) => path === '/' })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, removing(tool.tool)))
      await page.ask('Go')
      await page.play(connection.run, [...toolCall('c1', 'remove', { path: '/' }), ...toolCall('c2', 'remove', { path: '/tmp' })])
      expect(page.shown.lines.at(-1)).toBe('assistant: remove({"path":"/"}) approval-requested remove({"path":"/tmp"}) executing')
      expect(tool.calls.map(({ input }) => input)).toEqual([{ path: '/tmp' }])
    },
  },
  {
    title: 'a tool that cannot say whether it asks is not run',
    async run(harness) {
      const needsApproval = () => {
        throw new Error('The rules are gone')
      }
      const tool = manualTool('remove', { needsApproval })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, removing(tool.tool)))
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'remove', {}))
      expect(page.shown.lines.at(-1)).toBe('assistant: remove({}) error ! The rules are gone')
      expect(resultsIn(connection.run)).toEqual(['c1 ! The rules are gone'])
      expect(tool.calls).toHaveLength(0)
    },
  },
  {
    title: 'an input that the schema refuses is not asked about',
    async run(harness) {
      const tool = manualTool('remove', { needsApproval: true, inputSchema: z.object({ path: z.string() }) })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, removing(tool.tool)))
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'remove', { path: 7 }))
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: remove\({"path":7}\) error ! Invalid input: path: /)
      expect(connection.runs).toHaveLength(2)
    },
  },
  {
    title: 'a call that a person agreed to waits for its answer, if the tool has no execute',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [{ name: 'sign', needsApproval: true }] }))
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'sign', {}))
      expect(page.shown.lines.at(-1)).toBe('assistant: sign({}) approval-requested')
      await page.act.approve('c1')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling' })
      expect(page.shown.lines.at(-1)).toBe('assistant: sign({}) approval-responded')
      page.act.addToolResult({ toolCallId: 'c1', output: 'signed' })
      await page.flush()
      expect(resultsIn(connection.run)).toEqual(['c1 = signed'])
    },
  },
  {
    title: 'race 6: stop takes a question away; an answer to it is ignored with a warning, runs nothing and sends nothing',
    async run(harness) {
      const warnings: string[] = []
      const tool = manualTool('remove', { needsApproval: true })
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { ...removing(tool.tool), onWarning: ({ code }) => warnings.push(code) }))
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'remove', {}))
      page.act.stop()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'stopped' })
      expect(page.shown.lines.at(-1)).toBe('assistant: remove({}) cancelled')
      await page.act.approve('c1')
      page.act.deny('c1')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'stopped' })
      expect(tool.calls).toHaveLength(0)
      expect(connection.runs).toHaveLength(1)
      expect(warnings).toEqual(['ignored_event', 'ignored_event'])
    },
  },
  {
    title: 'a question is shown in every view of its chat, and an answer in one takes it away in all',
    async run(harness) {
      const tool = manualTool('remove', { needsApproval: true })
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: syncScheduler, tools: [tool.tool] })
      const [one, two] = [await show(harness, { chat }), await show(harness, { chat })]
      await one.ask('Go')
      await one.play(connection.run, toolCall('c1', 'remove', {}))
      await two.flush()
      expect(two.shown.lines.at(-1)).toBe('assistant: remove({}) approval-requested')
      await two.act.approve('c1')
      await one.act.approve('c1')
      await two.flush()
      await one.flush()
      expect(one.shown.lines.at(-1)).toBe('assistant: remove({}) executing')
      expect(tool.calls).toHaveLength(1)
    },
  },
]

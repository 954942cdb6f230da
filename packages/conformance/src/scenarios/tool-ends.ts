import { createChat, syncScheduler, toolDefinition } from '@statechat/core'
import { manualConnection, SimulatedClock, text, toolCall } from '@statechat/core/testing'
import { expect } from 'vitest'
import { manualLocks } from '../manual-locks.ts'
import { manualTool } from '../manual-tool.ts'
import { owned, type Page, show, STARTED, user } from '../page.ts'
import { resultsIn } from '../request.ts'
import type { Scenario } from '../scenario.ts'
import { timers, uncaught } from '../watch.ts'

/** Tools that are stopped, replaced, repeated, or take too long. */
export const toolEnds: Scenario[] = [
  {
    title: 'race 6: stop while a tool runs aborts it; what it does afterwards is not heard, and no request is made',
    async run(harness) {
      const heard: string[] = []
      const [one, two] = [manualTool('one'), manualTool('two')]
      const connection = manualConnection()
      const options = {
        tools: [one.tool, two.tool],
        onFinish: () => heard.push('finish'),
        onWarning: ({ code }: { code: string }) => heard.push(code),
      }
      const page = await show(harness, owned(connection, options))
      const turn = page.act.sendMessage('Go')
      await page.flush()
      await page.play(connection.run, [...toolCall('c1', 'one', {}), ...toolCall('c2', 'two', {})])
      expect([one.call.signal.aborted, two.call.signal.aborted]).toEqual([false, false])
      page.act.stop()
      await page.flush()
      expect([one.call.signal.aborted, two.call.signal.aborted]).toEqual([true, true])
      expect(page.shown).toMatchObject({ status: 'stopped', isLoading: false })
      expect(await turn).toMatchObject({ outcome: 'stopped' })
      one.call.emit('late')
      one.call.end('late')
      two.call.fail(new Error('late'))
      await timers()
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: one({}) cancelled two({}) cancelled')
      expect(connection.runs).toHaveLength(1)
      expect(heard).toEqual([])
      await page.ask('Again')
      expect(resultsIn(connection.run)).toEqual([expect.stringMatching(/^c1 ! .*cancelled/), expect.stringMatching(/^c2 ! .*cancelled/)])
    },
  },
  {
    title: 'race 6: a tool whose turn was stopped does not end the next turn with the same tool',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      await page.ask('One')
      await page.play(connection.run, toolCall('c1', 'work', {}))
      page.act.stop()
      await page.ask('Two')
      await page.play(connection.run, toolCall('c1', 'work', { again: true }))
      const [first, second] = tool.calls
      first!.emit('late')
      first!.end('of the first turn')
      await page.flush()
      expect(page.shown).toMatchObject({
        status: 'tool-calling',
        lines: ['user: One', 'assistant: work({}) cancelled', 'user: Two', 'assistant: work({"again":true}) executing'],
      })
      expect(second!.signal.aborted).toBe(false)
      second!.end('of the second')
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: work({"again":true}) complete = "of the second"')
    },
  },
  {
    title: 'an answer that is given for a running tool counts; the tool is aborted, and what it gives later does not',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'work', {}))
      page.act.addToolResult({ toolCallId: 'c1', output: 'by hand' })
      tool.call.end('late')
      await page.flush()
      expect(tool.call.signal.aborted).toBe(true)
      expect(page.shown.lines.at(-1)).toBe('assistant: work({}) complete = "by hand"')
      expect(resultsIn(connection.run)).toEqual(['c1 = by hand'])
      expect(connection.runs).toHaveLength(2)
    },
  },
  {
    title: 'race 6: a tool may stop the turn that it runs in',
    async run(harness) {
      const signals: AbortSignal[] = []
      const connection = manualConnection()
      let page!: Page
      const stop = toolDefinition({ name: 'stop' }).client((_input, { signal }) => {
        signals.push(signal)
        page.act.stop()
        return 'stopped'
      })
      page = await show(harness, owned(connection, { tools: [stop] }))
      const errors = await uncaught(async () => {
        await page.ask('Stop')
        await page.play(connection.run, toolCall('c1', 'stop', {}))
      })
      expect(errors).toEqual([])
      expect(signals.map(({ aborted }) => aborted)).toEqual([true])
      expect(page.shown).toMatchObject({ status: 'stopped', lines: ['user: Stop', 'assistant: stop({}) cancelled'] })
      expect(connection.runs).toHaveLength(1)
    },
  },
  {
    title: 'race 6: whatever takes the place of the turn aborts its tools, and their late results change nothing',
    async run(harness) {
      const replacing: ((page: Page) => unknown)[] = [
        (page) => page.act.reload(),
        (page) => page.act.edit('u1', 'Edited'),
        (page) => page.act.clear(),
        (page) => page.act.setMessages([user('u9', 'Other')]),
        (page) => page.act.sendMessage('Interrupting'),
      ]
      for (const replace of replacing) {
        const tool = manualTool('work')
        const connection = manualConnection()
        const page = await show(harness, owned(connection, { tools: [tool.tool], whileBusy: 'interrupt' }))
        await page.ask('Go', 'u1')
        await page.play(connection.run, toolCall('c1', 'work', {}))
        void replace(page)
        await page.flush()
        expect(tool.call.signal.aborted).toBe(true)
        const [before, runs] = [page.shown, connection.runs.length]
        tool.call.emit('late')
        tool.call.end('late')
        await timers()
        await page.flush()
        expect(page.shown).toEqual(before)
        expect(connection.runs).toHaveLength(runs)
        await page.unmount()
      }
    },
  },
  {
    title: 'race 22: unmounting while a tool runs aborts it, gives its claim back, and nothing comes afterwards',
    async run(harness) {
      const heard: string[] = []
      const note = (name: string) => () => heard.push(name)
      const tool = manualTool('work', { timeoutMs: 1000 })
      const clock = new SimulatedClock()
      const connection = manualConnection()
      const locks = manualLocks()
      const page = await show(
        harness,
        owned(connection, { clock, locks, tools: [tool.tool], onFinish: note('finish'), onError: note('error'), onWarning: note('warning') }),
      )
      const turn = page.act.sendMessage('Go')
      await page.flush()
      await page.play(connection.run, toolCall('c1', 'work', {}))
      expect(locks.held).toHaveLength(1)
      await page.unmount()
      await timers()
      expect(tool.call.signal.aborted).toBe(true)
      expect(await turn).toMatchObject({ outcome: 'stopped' })
      tool.call.emit('late')
      tool.call.end('late')
      clock.increment(2000)
      await timers()
      expect(locks.held).toEqual([])
      expect(connection.runs).toHaveLength(1)
      expect(heard).toEqual([])
    },
  },
  {
    title: 'race 22: a tool of a chat that the view was given goes on without the view, and runs once',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: syncScheduler, tools: [tool.tool] })
      const page = await show(harness, { chat })
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'work', {}))
      await page.unmount()
      await timers()
      expect(tool.call.signal.aborted).toBe(false)
      const again = await show(harness, { chat })
      expect(again.shown).toMatchObject({ status: 'tool-calling', lines: ['user: Go', 'assistant: work({}) executing'] })
      tool.call.end('done')
      await again.flush()
      expect(resultsIn(connection.run)).toEqual(['c1 = done'])
      expect(again.shown.lines.at(-1)).toBe('assistant: work({}) complete = "done"')
      expect(tool.calls).toHaveLength(1)
    },
  },
  {
    title: 'race 21: the tool of a view that is mounted twice, and of two views of one chat, runs once',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const chat = createChat({ connection, scheduler: syncScheduler, tools: [tool.tool] })
      const page = await show(harness, { chat }, { views: 2, twice: true })
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'work', {}))
      expect(tool.calls).toHaveLength(1)
      expect(page.view(0)).toEqual(page.view(1))
      tool.call.end('done')
      await page.flush()
      expect(page.view(1).lines.at(-1)).toBe('assistant: work({}) complete = "done"')
      expect([tool.calls.length, connection.runs.length]).toEqual([1, 2])
    },
  },
  {
    title: 'race 20: the tool of the latest options runs',
    async run(harness) {
      const [before, after] = [manualTool('work'), manualTool('work')]
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [before.tool] }))
      await page.ask('Go')
      await page.update(owned(connection, { tools: [after.tool] }))
      await page.play(connection.run, toolCall('c1', 'work', {}))
      expect([before.calls.length, after.calls.length]).toEqual([0, 1])
      await page.update(owned(connection, { tools: [before.tool] }))
      expect(after.call.signal.aborted).toBe(false)
      after.call.end('done')
      await page.flush()
      expect(page.shown.lines).toEqual(['user: Go', 'assistant: work({}) complete = "done"'])
    },
  },
  {
    title: 'a run that fails after a tool has run is sent again by retry with the result, and the tool does not run again',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'work', {}))
      tool.call.end('done')
      await page.flush()
      await page.push(connection.run, STARTED, ...text('m2', 'Half'))
      await connection.run.fail(new Error('down'))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'error', error: 'connection' })
      void page.act.retry()
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: work({}) complete = "done"')
      expect(resultsIn(connection.run)).toEqual(['c1 = done'])
      await page.answer(connection.run, 'm3', 'Whole')
      expect(page.shown).toMatchObject({ status: 'idle', lines: ['user: Go', 'assistant: work({}) complete = "done" Whole'] })
      expect([tool.calls.length, connection.runs.length]).toEqual([1, 3])
    },
  },
  {
    title: 'race 20: the onToolCall of the latest options hears of a call, once, also of a chat that the view was given',
    async run(harness) {
      for (const given of [false, true]) {
        const heard: string[] = []
        const connection = manualConnection()
        const tools = [{ name: 'pick' }]
        const chat = createChat({ connection, scheduler: syncScheduler, tools, onToolCall: () => heard.push('own') })
        const options = (name: string) => {
          const onToolCall = () => heard.push(name)
          return given ? { chat, onToolCall } : owned(connection, { tools, onToolCall })
        }
        const page = await show(harness, options('first'))
        await page.ask('Go')
        await page.update(options('second'))
        await page.play(connection.run, toolCall('c1', 'pick', {}))
        expect(heard).toEqual(given ? ['own', 'second'] : ['second'])
        await page.unmount()
      }
    },
  },
  {
    title: 'a tool that takes longer than its timeoutMs is aborted and an error of its call; one that is in time is not',
    async run(harness) {
      const [slow, fast] = [manualTool('slow', { timeoutMs: 1000 }), manualTool('fast', { timeoutMs: 1000 })]
      const clock = new SimulatedClock()
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { clock, tools: [slow.tool, fast.tool] }))
      await page.ask('Go')
      await page.play(connection.run, [...toolCall('c1', 'slow', {}), ...toolCall('c2', 'fast', {})])
      clock.increment(999)
      fast.call.end('in time')
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: slow({}) executing fast({}) complete = "in time"')
      clock.increment(1)
      await page.flush()
      expect(slow.call.signal.aborted).toBe(true)
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: slow\({}\) error ! .*took too long.* fast\({}\) complete = "in time"$/)
      slow.call.end('late')
      await page.flush()
      expect(resultsIn(connection.run)).toEqual([expect.stringMatching(/^c1 ! .*took too long/), 'c2 = in time'])
      expect(connection.runs).toHaveLength(2)
    },
  },
  {
    title: 'race 9: a model that calls tools for ever is stopped by maxSteps with an error, and retry goes on',
    async run(harness) {
      const connection = manualConnection()
      const work = toolDefinition({ name: 'work' }).client(() => 'done')
      const page = await show(harness, owned(connection, { tools: [work], maxSteps: 2 }))
      const turn = page.act.sendMessage('Go')
      await page.flush()
      for (const id of ['c1', 'c2', 'c3']) await page.play(connection.run, toolCall(id, 'work', {}))
      expect(connection.runs).toHaveLength(3)
      expect(page.shown).toMatchObject({ status: 'error', error: 'max_steps', isLoading: false })
      expect(page.shown.lines.at(-1)).toMatch(/^assistant:( work\({}\) complete = "done"){3}$/)
      expect(await turn).toMatchObject({ outcome: 'failed', error: { code: 'max_steps' } })
      void page.act.retry()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', error: '' })
      expect(resultsIn(connection.run)).toEqual(['c1 = done', 'c2 = done', 'c3 = done'])
      await page.answer(connection.run, 'm9', 'Done')
      expect(page.shown.status).toBe('idle')
    },
  },
  {
    title: 'race 3: the time limit of a call that was stopped, or is over, is not that of a later call with the same id',
    async run(harness) {
      for (const end of ['stop', 'answer'] as const) {
        const tool = manualTool('work', { timeoutMs: 1000 })
        const clock = new SimulatedClock()
        const connection = manualConnection()
        const page = await show(harness, owned(connection, { clock, tools: [tool.tool] }))
        await page.ask('One')
        await page.play(connection.run, toolCall('c1', 'work', {}))
        clock.increment(500)
        if (end === 'stop') {
          page.act.stop()
          await page.ask('Two')
        } else {
          tool.call.end('first')
          await page.flush()
        }
        await page.play(connection.run, toolCall('c1', 'work', { again: true }))
        clock.increment(999)
        await page.flush()
        expect(page.shown.lines.at(-1)).toMatch(/work\({"again":true}\) executing$/)
        clock.increment(1)
        await page.flush()
        expect(page.shown.lines.at(-1)).toMatch(/work\({"again":true}\) error ! .*took too long/)
        await page.unmount()
      }
    },
  },
  {
    title: 'race 20: a tool that is taken out of the options ends the call that it has begun',
    async run(harness) {
      const [tool, other] = [manualTool('work'), manualTool('other')]
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool, other.tool] }))
      await page.ask('Go')
      await page.play(connection.run, toolCall('c1', 'work', {}))
      await page.update(owned(connection, { tools: [other.tool] }))
      tool.call.emit(0.5)
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: work({}) executing at 0.5')
      expect(tool.call.signal.aborted).toBe(false)
      tool.call.end('done')
      await page.flush()
      expect(resultsIn(connection.run)).toEqual(['c1 = done'])
      expect(connection.runs).toHaveLength(2)
    },
  },
]

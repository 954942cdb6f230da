import type { Chunk, Interrupt } from '@statechat/core'
import { manualConnection, type ManualRun, SimulatedClock, text, toolCall, toolResult } from '@statechat/core/testing'
import { expect } from 'vitest'
import { manualTool } from '../manual-tool.ts'
import { FINISHED, owned, type Page, show, STARTED } from '../page.ts'
import { resultsIn } from '../request.ts'
import type { Scenario } from '../scenario.ts'

/** A run that ends with questions of the server. */
const asks = (page: Page, to: ManualRun, chunks: readonly Chunk[], ...interrupts: Interrupt[]) =>
  page.play(to, chunks, { outcome: { type: 'interrupt', interrupts } })

/** The server asks whether a call may be made. */
const about = (toolCallId: string, more: Partial<Interrupt> = {}): Interrupt => ({ id: `i-${toolCallId}`, reason: 'tool_call', toolCallId, ...more })

const NOW = Date.parse('2030-01-01T00:00:00Z')
const at = (ms: number) => new Date(NOW + ms).toISOString()
const EDITABLE = { type: 'object', properties: { approved: { type: 'boolean' }, editedArgs: { type: 'object' } } }

/** What the server asks. */
export const interrupts: Scenario[] = [
  {
    title: 'the server asks before it makes a call: yes goes back with the next request, and the server’s result is shown',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Clean up')
      await asks(page, connection.run, toolCall('c1', 'rm', { path: '/' }), about('c1', { message: 'Really?' }))
      expect(page.shown).toMatchObject({ status: 'tool-calling', phase: 'local', interrupts: [] })
      expect(page.shown.lines.at(-1)).toBe('assistant: rm({"path":"/"}) approval-requested ? Really?')
      await page.act.approve('i-c1')
      await page.flush()
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: rm\({"path":"\/"}\) approval-responded/)
      expect(connection.runs).toHaveLength(2)
      expect(connection.run.context.input.resume).toEqual([{ interruptId: 'i-c1', status: 'resolved', payload: { approved: true } }])
      // A made-up result would tell the server that the call is over.
      expect(resultsIn(connection.run)).toEqual([])
      await page.push(connection.run, STARTED, toolResult('c1', 'gone'), ...text('m2', 'Done'), FINISHED)
      await page.close(connection.run)
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: rm\({"path":"\/"}\) complete .*= "gone" Done$/)
      await page.ask('Thanks')
      expect(connection.run.context.input.resume).toBeUndefined()
    },
  },
  {
    title: 'the server asks before it makes a call: no goes back with the reason, by the id of the call too',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Clean up')
      await asks(page, connection.run, [...toolCall('c1', 'rm', { n: 1 }), ...toolCall('c2', 'rm', { n: 2 })], about('c1'), about('c2'))
      page.act.deny('c1', 'Not now')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling' })
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: rm\({"n":1}\) cancelled ! .*Not now rm\({"n":2}\) approval-requested$/)
      expect(connection.runs).toHaveLength(1)
      await page.act.approve('i-c2')
      await page.flush()
      expect(connection.run.context.input.resume).toEqual([
        { interruptId: 'i-c1', status: 'resolved', payload: { approved: false, reason: 'Not now' } },
        { interruptId: 'i-c2', status: 'resolved', payload: { approved: true } },
      ])
      expect(resultsIn(connection.run)).toEqual([expect.stringMatching(/^c1 ! .*denied.*Not now/)])
    },
  },
  {
    title: 'an input that was edited for the server goes back with the yes, and is shown',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Clean up')
      await asks(page, connection.run, toolCall('c1', 'rm', { path: '/' }), about('c1', { responseSchema: EDITABLE }))
      await page.act.approve('c1', { editedInput: { path: '/tmp' } })
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: rm({"path":"/tmp"}) approval-responded')
      expect(connection.run.context.input.resume).toEqual([
        { interruptId: 'i-c1', status: 'resolved', payload: { approved: true, editedArgs: { path: '/tmp' } } },
      ])
    },
  },
  {
    title: 'a question may be answered before the body has ended, and the answer goes back when it has',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Clean up')
      const outcome = { type: 'interrupt' as const, interrupts: [about('c1'), { id: 'i2', reason: 'when' }] }
      await page.push(connection.run, STARTED, ...toolCall('c1', 'rm', {}), { ...FINISHED, outcome } as Chunk)
      expect(page.shown).toMatchObject({ interrupts: ['when open'] })
      expect(page.shown.lines.at(-1)).toBe('assistant: rm({}) approval-requested when open')
      await page.act.approve('c1')
      await page.act.resolveInterrupt('i2', 'now')
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: rm({}) approval-responded when resolved')
      expect(connection.runs).toHaveLength(1)
      await page.close(connection.run)
      expect(connection.runs).toHaveLength(2)
      expect(connection.run.context.input.resume).toEqual([
        { interruptId: 'i-c1', status: 'resolved', payload: { approved: true } },
        { interruptId: 'i2', status: 'resolved', payload: 'now' },
      ])
    },
  },
  {
    title: 'a tool of the client runs while the server asks about another call; one request carries the result and the answer',
    async run(harness) {
      const tool = manualTool('work')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { tools: [tool.tool] }))
      await page.ask('Go')
      await asks(page, connection.run, [...toolCall('c1', 'rm', {}), ...toolCall('c2', 'work', {})], about('c1'))
      expect(page.shown.lines.at(-1)).toBe('assistant: rm({}) approval-requested work({}) executing')
      await page.act.approve('c1')
      await page.flush()
      expect(connection.runs).toHaveLength(1)
      tool.call.end('done')
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: rm({}) approval-responded work({}) complete = "done"')
      expect(connection.runs).toHaveLength(2)
      expect(connection.run.context.input.resume).toEqual([{ interruptId: 'i-c1', status: 'resolved', payload: { approved: true } }])
      expect(resultsIn(connection.run)).toEqual(['c2 = done'])
    },
  },
  {
    title: 'an answer that the server did not get is sent again by retry',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Clean up')
      await asks(page, connection.run, toolCall('c1', 'rm', {}), about('c1'))
      await page.act.approve('c1')
      await page.flush()
      await connection.run.fail(new Error('down'))
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'error' })
      void page.act.retry()
      await page.flush()
      expect(connection.runs).toHaveLength(3)
      expect(connection.run.context.input.resume).toEqual([{ interruptId: 'i-c1', status: 'resolved', payload: { approved: true } }])
    },
  },
  {
    title: 'another question of the server is shown until it is answered; an answer that its schema refuses is rejected and leaves it',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Book a table')
      const responseSchema = { type: 'object', properties: { people: { type: 'number' } }, required: ['people'] }
      await asks(page, connection.run, text('m1', 'Sure.'), { id: 'i1', reason: 'input_required', message: 'For how many?', responseSchema })
      expect(page.shown).toMatchObject({ status: 'tool-calling', phase: 'local', interrupts: ['For how many? open'] })
      await expect(page.act.resolveInterrupt('i1', { people: 'two' })).rejects.toMatchObject({
        code: 'invalid_input',
        issues: [{ path: ['people'] }],
      })
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', error: '', interrupts: ['For how many? open'] })
      expect(connection.runs).toHaveLength(1)
      await page.act.resolveInterrupt('i1', { people: 2 })
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'connecting', interrupts: [] })
      expect(page.shown.lines.at(-1)).toBe('assistant: Sure. For how many? resolved')
      expect(connection.run.context.input.resume).toEqual([{ interruptId: 'i1', status: 'resolved', payload: { people: 2 } }])
      await page.answer(connection.run, 'm2', 'Booked.')
      expect(page.shown).toMatchObject({ status: 'idle', interrupts: [] })
      expect(page.shown.lines.at(-1)).toBe('assistant: Sure. For how many? resolved Booked.')
    },
  },
  {
    title: 'a question of the server can be given back without an answer, and the others still wait',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Book a table')
      await asks(page, connection.run, text('m1', 'Sure.'), { id: 'i1', reason: 'when' }, { id: 'i2', reason: 'where' })
      expect(page.shown.interrupts).toEqual(['when open', 'where open'])
      page.act.cancelInterrupt('i1')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', interrupts: ['where open'] })
      await page.act.resolveInterrupt('i2', 'Oslo')
      await page.flush()
      expect(connection.run.context.input.resume).toEqual([
        { interruptId: 'i1', status: 'cancelled' },
        { interruptId: 'i2', status: 'resolved', payload: 'Oslo' },
      ])
      expect(page.shown.lines.at(-1)).toBe('assistant: Sure. when cancelled where resolved')
    },
  },
  {
    title: 'stop gives a question of the server up: it is gone, and an answer to it sends nothing',
    async run(harness) {
      const warnings: string[] = []
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { onWarning: ({ code }) => warnings.push(code) }))
      await page.ask('Book a table')
      await asks(page, connection.run, text('m1', 'Sure.'), { id: 'i1', reason: 'when' })
      page.act.stop()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'stopped', interrupts: [] })
      await page.act.resolveInterrupt('i1', 'now')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'stopped', lines: ['user: Book a table', 'assistant: Sure. when cancelled'] })
      expect(connection.runs).toHaveLength(1)
      expect(warnings).toEqual(['ignored_event'])
    },
  },
  {
    title: 'a question whose time is over is cancelled, the others stay, and the run goes on when all are settled',
    async run(harness) {
      const clock = new SimulatedClock()
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { clock, now: () => NOW + clock.now() }))
      await page.ask('Clean up')
      await asks(
        page,
        connection.run,
        [...toolCall('c1', 'rm', { n: 1 }), ...toolCall('c2', 'rm', { n: 2 })],
        about('c1', { expiresAt: at(60_000) }),
        about('c2', { expiresAt: at(120_000) }),
        { id: 'i3', reason: 'when', expiresAt: at(90_000) },
      )
      clock.increment(59_999)
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', interrupts: ['when open'] })
      expect(page.shown.lines.at(-1)).toBe('assistant: rm({"n":1}) approval-requested rm({"n":2}) approval-requested when open')
      clock.increment(1)
      await page.flush()
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: rm\({"n":1}\) cancelled ! .*expired\. rm\({"n":2}\) approval-requested when open$/)
      clock.increment(30_000)
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'tool-calling', interrupts: [] })
      await page.act.approve('c2')
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', phase: 'connecting' })
      expect(connection.run.context.input.resume).toEqual([
        { interruptId: 'i-c1', status: 'cancelled' },
        { interruptId: 'i-c2', status: 'resolved', payload: { approved: true } },
        { interruptId: 'i3', status: 'cancelled' },
      ])
      clock.increment(120_000)
      await page.flush()
      expect(connection.runs).toHaveLength(2)
    },
  },
  {
    title: 'a question that had expired when it came is not asked, and the turn goes on by itself',
    async run(harness) {
      const clock = new SimulatedClock()
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { clock, now: () => NOW }))
      await page.ask('Clean up')
      await asks(page, connection.run, toolCall('c1', 'rm', {}), about('c1', { expiresAt: at(-1) }))
      clock.increment(0)
      await page.flush()
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: rm\({}\) cancelled ! .*expired/)
      expect(connection.run.context.input.resume).toEqual([{ interruptId: 'i-c1', status: 'cancelled' }])
    },
  },
  {
    title: 'race 3: the time of a question that was answered is not that of a later question with the same id',
    async run(harness) {
      const clock = new SimulatedClock()
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { clock, now: () => NOW + clock.now() }))
      const question = (n: number, ms: number) =>
        [
          page,
          connection.run,
          toolCall('c1', 'rm', { n }),
          about('c1', { expiresAt: at(ms) }),
          { id: 'i2', reason: 'when', expiresAt: at(ms) },
        ] as const
      await page.ask('Clean up')
      await asks(...question(1, 1000))
      page.act.deny('c1')
      page.act.cancelInterrupt('i2')
      await page.flush()
      await page.answer(connection.run, 'm2', 'Fine.')
      await page.ask('Clean up now')
      await asks(...question(2, 5000))
      clock.increment(4999)
      await page.flush()
      expect(page.shown.lines.at(-1)).toBe('assistant: rm({"n":2}) approval-requested when open')
      clock.increment(1)
      await page.flush()
      expect(page.shown.lines.at(-1)).toMatch(/^assistant: rm\({"n":2}\) cancelled ! .*expired\. when cancelled$/)
    },
  },
  {
    title: 'a question that the server asks again in the same turn, under the same id, is shown again and waits for another answer',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Book a table')
      await asks(page, connection.run, text('m1', 'Sure.'), { id: 'i1', reason: 'when' })
      await page.act.resolveInterrupt('i1', 'yesterday')
      await page.flush()
      await asks(page, connection.run, text('m2', 'That is over.'), { id: 'i1', reason: 'when' })
      expect(page.shown).toMatchObject({ status: 'tool-calling', interrupts: ['when open'] })
      await page.act.resolveInterrupt('i1', 'tomorrow')
      await page.flush()
      expect(connection.runs).toHaveLength(3)
      expect(connection.run.context.input.resume).toEqual([{ interruptId: 'i1', status: 'resolved', payload: 'tomorrow' }])
    },
  },
]

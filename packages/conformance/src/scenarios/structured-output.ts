import type { ChatError } from '@statechat/core'
import { manualConnection, text, toolCall } from '@statechat/core/testing'
import { expect } from 'vitest'
import { z } from 'zod'
import { manualTool } from '../manual-tool.ts'
import { assistant, delta, FINISHED, opening, owned, show, STARTED, user } from '../page.ts'
import type { Scenario } from '../scenario.ts'

const outputSchema = z.object({ city: z.string(), days: z.array(z.number()), unit: z.string().default('C') })

/** Answers in the form of a schema. */
export const structuredOutput: Scenario[] = [
  {
    title: 'a structured answer grows while it streams, and is final when it is whole and valid, as the schema makes it',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { outputSchema }))
      await page.ask('Weather?')
      await page.push(connection.run, ...opening('m1', '{"city":"Os'))
      expect(page.shown).toMatchObject({ status: 'streaming', partial: '{"city":"Os"}', final: '' })
      expect(page.shown.lines.at(-1)).toBe('assistant: streaming {"city":"Os')
      await page.push(connection.run, delta('m1', 'lo","days":[3,4'))
      expect(page.shown).toMatchObject({ partial: '{"city":"Oslo","days":[3]}', final: '' })
      await page.push(connection.run, delta('m1', ']}'))
      await page.push(connection.run, ...text('m1').slice(1), FINISHED)
      await page.close(connection.run)
      const final = '{"city":"Oslo","days":[3,4],"unit":"C"}'
      expect(page.shown).toMatchObject({ status: 'idle', error: '', partial: final, final })
      expect(page.shown.lines.at(-1)).toBe('assistant: complete {"city":"Oslo","days":[3,4]}')
    },
  },
  {
    title: 'a structured answer that the schema refuses is an error with its issues, and retry asks again',
    async run(harness) {
      const errors: ChatError[] = []
      const finished: unknown[] = []
      const connection = manualConnection()
      const page = await show(
        harness,
        owned(connection, { outputSchema, onError: (error) => errors.push(error), onFinish: (message) => finished.push(message) }),
      )
      const turn = page.act.sendMessage('Weather?')
      await page.flush()
      await page.answer(connection.run, 'm1', '{"city":"Oslo","days":["warm"]}')
      expect(page.shown).toMatchObject({ status: 'error', error: 'invalid_output', final: '' })
      expect(errors).toMatchObject([{ code: 'invalid_output', issues: [{ path: ['days', 0] }] }])
      expect(finished).toEqual([])
      expect(await turn).toMatchObject({ outcome: 'failed', error: { code: 'invalid_output' } })
      void page.act.retry()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', error: '', partial: '', final: '' })
      await page.answer(connection.run, 'm2', '{"city":"Oslo","days":[],"unit":"F"}')
      expect(page.shown).toMatchObject({ status: 'idle', final: '{"city":"Oslo","days":[],"unit":"F"}' })
      expect(finished).toHaveLength(1)
    },
  },
  {
    title: 'a structured answer that is no JSON is an error, and what was understood of it stays',
    async run(harness) {
      const errors: ChatError[] = []
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { outputSchema, onError: (error) => errors.push(error) }))
      await page.ask('Weather?')
      await page.answer(connection.run, 'm1', '{"city":"Oslo","days":[1,')
      expect(page.shown).toMatchObject({ status: 'error', error: 'invalid_output', final: '' })
      expect(page.shown.partial).toContain('"city":"Oslo"')
      expect(errors[0]!.issues).toHaveLength(1)
    },
  },
  {
    title: 'a structured answer that the server has parsed is checked and shown, without a text of it',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { outputSchema }))
      await page.ask('Weather?')
      const object = { city: 'Oslo', days: [1] }
      await page.push(connection.run, STARTED, { type: 'CUSTOM', name: 'structured-output.complete', value: { messageId: 'm1', object } }, FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle', final: '{"city":"Oslo","days":[1],"unit":"C"}' })
      expect(page.shown.lines).toHaveLength(2)
    },
  },
  {
    title: 'a structured answer of the server is shown, also without an outputSchema',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Weather?')
      await page.push(
        connection.run,
        STARTED,
        { type: 'CUSTOM', name: 'structured-output.start', value: { messageId: 'm1' } },
        ...text('m1', '{"n":', '1').slice(0, -1),
      )
      expect(page.shown).toMatchObject({ partial: '{}', final: '' })
      await page.push(connection.run, delta('m1', '}'), ...text('m1').slice(1), FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'idle', partial: '{"n":1}', final: '{"n":1}' })
    },
  },
  {
    title: 'race 2: stop in the middle of a structured answer keeps what has come, and nothing is final',
    async run(harness) {
      const connection = manualConnection({ ignoresAbort: true })
      const page = await show(harness, owned(connection, { outputSchema }))
      await page.ask('Weather?')
      await page.push(connection.run, ...opening('m1', '{"city":"Oslo","days":[]'))
      page.act.stop()
      await page.flush()
      await page.push(connection.run, delta('m1', '}'), FINISHED)
      await page.close(connection.run)
      expect(page.shown).toMatchObject({ status: 'stopped', error: '', partial: '{"city":"Oslo","days":[]}', final: '' })
    },
  },
  {
    title: 'a structured answer may come after calls of client tools',
    async run(harness) {
      const tool = manualTool('weather')
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { outputSchema, tools: [tool.tool] }))
      await page.ask('Weather?')
      await page.play(connection.run, toolCall('c1', 'weather', {}))
      expect(page.shown).toMatchObject({ status: 'tool-calling', error: '', partial: '', final: '' })
      tool.call.end([3])
      await page.flush()
      await page.answer(connection.run, 'm2', '{"city":"Oslo","days":[3]}')
      expect(page.shown).toMatchObject({ status: 'idle', final: '{"city":"Oslo","days":[3],"unit":"C"}' })
      expect(page.shown.lines.at(-1)).toBe('assistant: weather({}) complete = [3] complete {"city":"Oslo","days":[3]}')
    },
  },
  {
    title: 'the structured answer shown is that of the last message: the next question takes it away, and another branch brings its own',
    async run(harness) {
      const connection = manualConnection()
      const initialMessages = [user('u0', 'Hello'), assistant('a0', 'Hi')]
      const page = await show(harness, owned(connection, { outputSchema, initialMessages }))
      await page.flush()
      expect(page.shown).toMatchObject({ partial: '', final: '' })
      await page.ask('Weather?')
      await page.answer(connection.run, 'm1', '{"city":"Oslo","days":[]}')
      void page.act.reload()
      await page.flush()
      expect(page.shown).toMatchObject({ status: 'streaming', partial: '', final: '' })
      await page.answer(connection.run, 'm2', '{"city":"Rome","days":[]}')
      expect(page.shown.final).toBe('{"city":"Rome","days":[],"unit":"C"}')
      page.act.selectBranch('m1')
      await page.flush()
      expect(page.shown.final).toBe('{"city":"Oslo","days":[],"unit":"C"}')
      await page.ask('And tomorrow?')
      expect(page.shown).toMatchObject({ partial: '', final: '' })
    },
  },
  {
    title: 'race 20: the outputSchema of the latest options counts',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection))
      await page.ask('Hello')
      await page.answer(connection.run, 'm1', '{"n":1}')
      expect(page.shown).toMatchObject({ final: '', lines: ['user: Hello', 'assistant: {"n":1}'] })
      await page.update(owned(connection, { outputSchema: z.object({ n: z.number() }) }))
      await page.ask('As JSON')
      await page.answer(connection.run, 'm2', '{"n":2}')
      expect(page.shown).toMatchObject({ status: 'idle', final: '{"n":2}' })
      await page.update(owned(connection))
      await page.ask('In words')
      await page.answer(connection.run, 'm3', '{"n":3}')
      expect(page.shown).toMatchObject({ status: 'idle', final: '' })
      expect(page.shown.lines.at(-1)).toBe('assistant: {"n":3}')
    },
  },
  {
    title: 'a structured answer is checked also when sources or data come after it',
    async run(harness) {
      for (const after of [
        { name: 'source', value: { id: 's1', url: 'https://example.com' } },
        { name: 'data-mood', value: 'good' },
      ]) {
        const connection = manualConnection()
        const page = await show(harness, owned(connection, { outputSchema }))
        await page.ask('Weather?')
        await page.play(connection.run, [...text('m1', '{"city":"Oslo","days":["warm"]}'), { type: 'CUSTOM', ...after }])
        expect(page.shown).toMatchObject({ status: 'error', error: 'invalid_output', final: '' })
        await page.unmount()
      }
    },
  },
]

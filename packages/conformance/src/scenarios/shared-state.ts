import { createChat, syncScheduler } from '@statechat/core'
import { manualConnection } from '@statechat/core/testing'
import { expect } from 'vitest'
import { FINISHED, owned, show, STARTED } from '../page.ts'
import type { Scenario } from '../scenario.ts'

/** The state that agent and application share. */
export const sharedState: Scenario[] = [
  {
    title: 'the state of the agent is shown, changes with its patches, and goes back with each request',
    async run(harness) {
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { initialState: { cart: [] as string[] } }))
      expect(page.shown.state).toBe('{"cart":[]}')
      await page.ask('Buy milk')
      expect(connection.run.context.input.state).toEqual({ cart: [] })
      await page.push(connection.run, STARTED, { type: 'STATE_DELTA', delta: [{ op: 'add', path: '/cart/-', value: 'milk' }] })
      expect(page.shown.state).toBe('{"cart":["milk"]}')
      await page.push(connection.run, { type: 'STATE_SNAPSHOT', snapshot: { cart: ['milk', 'tea'] } }, FINISHED)
      await page.close(connection.run)
      await page.ask('And?')
      expect(connection.run.context.input.state).toEqual({ cart: ['milk', 'tea'] })
    },
  },
  {
    title: 'the application sets the state, also while nothing is going on, and whoever selects of it is woken for that alone',
    async run(harness) {
      const chat = createChat({ connection: manualConnection(), scheduler: syncScheduler, initialState: { n: 1, other: 0 } })
      const page = await show(harness, { chat })
      const woken: number[] = []
      const n = chat.select(({ state }) => state.n)
      const end = n.subscribe(() => woken.push(n.get()))
      chat.setState((state) => ({ ...state, other: 1 }))
      chat.setState((state) => ({ ...state, n: 2 }))
      await page.flush()
      end()
      expect(page.shown.state).toBe('{"n":2,"other":1}')
      expect(woken).toEqual([2])
    },
  },
  {
    title: 'a patch that does not fit changes nothing that is shown, and is a warning',
    async run(harness) {
      const warnings: string[] = []
      const connection = manualConnection()
      const page = await show(harness, owned(connection, { initialState: { n: 1 }, onWarning: ({ code }) => warnings.push(code) }))
      await page.ask('Go')
      await page.push(connection.run, STARTED, { type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/m', value: 2 }] })
      expect(page.shown.state).toBe('{"n":1}')
      expect(warnings).toEqual(['bad_patch'])
    },
  },
]

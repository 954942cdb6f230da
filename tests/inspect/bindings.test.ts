import type { Inspector } from '@statechat/core'
import { run, scriptedConnection, settled, text } from '@statechat/core/testing'
import { useChat as useReactChat } from '@statechat/react'
import { useChat as useSolidChat } from '@statechat/solid'
import { useChat as useSvelteChat } from '@statechat/svelte'
import { useChat as useVueChat } from '@statechat/vue'
import { createElement, StrictMode } from 'react'
import { createRoot as createReactRoot } from 'react-dom/client'
import { createRoot as createSolidRoot } from 'solid-js'
import { expect, it } from 'vitest'
import { effectScope } from 'vue'

type Send = (text: string) => Promise<unknown>
type Options = { threadId: string; connection: ReturnType<typeof scriptedConnection>; inspect: Inspector }

/** Shows a chat with these options, sends to it, and gives it up. */
const FRAMEWORKS: Record<string, (options: Options, use: (send: Send) => Promise<void>) => Promise<void>> = {
  async react(options, use) {
    const root = createReactRoot(document.createElement('div'))
    const shown = new Promise<Send>((resolve) => {
      const Page = () => {
        resolve(useReactChat(options).sendMessage)
        return null
      }
      root.render(createElement(StrictMode, null, createElement(Page)))
    })
    await use(await shown)
    root.unmount()
  },
  async vue(options, use) {
    const scope = effectScope()
    await use(scope.run(() => useVueChat(options).sendMessage)!)
    scope.stop()
  },
  async svelte(options, use) {
    await use(useSvelteChat(options).sendMessage)
  },
  async solid(options, use) {
    const { send, end } = createSolidRoot((dispose) => ({ send: useSolidChat(options).sendMessage, end: dispose }))
    await use(send)
    end()
  },
}

it.each(Object.keys(FRAMEWORKS))('useChat of %s shows its machine to the inspector in its options, from the beginning', async (name) => {
  const seen: string[] = []
  const connection = scriptedConnection(run(text('a', 'Hello')))
  const inspect: Inspector = (event) => {
    if (event.type === '@xstate.actor' && 'id' in event.actorRef) seen.push(String(event.actorRef.id).replace(/^run:.*/, 'run'))
    if (event.type === '@xstate.event') seen.push(event.event.type)
  }
  await FRAMEWORKS[name]!({ threadId: name, connection, inspect }, async (send) => {
    await send('Hi')
    await settled()
  })
  await expect.poll(() => seen).toContain('run.closed')
  expect(seen[0]).toBe(`chat:${name}`)
  expect(seen).toEqual(expect.arrayContaining(['user.send', 'run', 'run.opened', 'run.chunks', 'run.closed']))
  expect(seen.filter((each) => each === 'user.send')).toHaveLength(1)
})

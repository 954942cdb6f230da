import 'fake-indexeddb/auto'
import { del, get, set } from 'idb-keyval'
import { expect, it } from 'vitest'
import { chatTest } from '../../test/chat-kit.ts'
import { persist } from './persist.ts'
import { manualPage } from './test-kit.ts'
import type { ChatStorage } from './storage.ts'

const indexedDb: ChatStorage = { getItem: get, setItem: set, removeItem: del }

const kept = (threadId: string) => chatTest({ threadId, persist: persist({ storage: indexedDb, page: manualPage() }) })

/** Asked until it is as expected: the database answers when it likes. */
const soon = { interval: 1 }
const seen = ({ where, shown }: { shown(): string; where(): string }) => `${where()} ${shown()}`

it('a conversation is kept in IndexedDB by the three functions of idb-keyval, and removed by clear()', async () => {
  const first = kept('t1')
  first.chat.attach()
  await expect.poll(() => seen(first), soon).toBe('idle/ready ')
  await first.ask('Q')
  await first.answer('a', 'A')
  first.chat.dispose()
  await expect.poll(() => get<string>('statechat:t1'), soon).toContain('"A"')

  const second = kept('t1')
  second.chat.attach()
  await expect.poll(() => seen(second), soon).toBe('idle/ready Q A')
  second.chat.clear()
  second.chat.dispose()
  await expect.poll(() => get<string>('statechat:t1'), soon).toBe(undefined)
})

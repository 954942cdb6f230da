import { expect, it } from 'vitest'
import { show } from '../../test/chat-kit.ts'
import { manualConnection, settled } from '../../testing/index.ts'
import { createChat } from '../create-chat.ts'
import { recordTrace } from '../trace/record-trace.ts'
import { replayTrace } from '../trace/replay-trace.ts'
import type { Trace } from '../trace/trace.ts'
import { persist } from './persist.ts'
import { KEY, manualPage, memoryStorage } from './test-kit.ts'

const text = (id: string, parentId: string | null) => ({ id, role: 'user', parentId, parts: [{ type: 'text', content: id }] })

it('a conversation that was restored is restored in the replay of its trace, without the body and data of what waited', async () => {
  const storage = memoryStorage({
    [KEY]: {
      version: 1,
      threadId: 't1',
      messages: [text('a', null), text('b', null)],
      head: 'a',
      queue: [{ id: 'Next', message: text('Next', null), options: { body: { key: 'secret' } } }],
      state: { rows: 1 },
    },
  })
  const chat = createChat({ threadId: 't1', connection: manualConnection(), persist: persist({ storage, page: manualPage() }) })
  const recorder = recordTrace(chat)
  chat.attach()
  await settled()
  expect(chat.getSnapshot().queue[0]!.options).toEqual({ body: { key: 'secret' } })
  void chat.sendMessage({ content: 'Last', id: 'Last' })
  await settled()
  const trace = JSON.stringify(recorder.stop())
  const shown = chat.getSnapshot()
  chat.dispose()
  expect(trace).not.toContain('secret')
  const replay = replayTrace(JSON.parse(trace) as Trace)
  while (await replay.step());
  expect(replay.divergedAt).toBe(null)
  const again = replay.chat.getSnapshot()
  expect(show(again.messages)).toBe('a Next')
  expect(again).toMatchObject({ state: shown.state, status: shown.status, queue: [{ id: 'Last' }] })
  replay.stop()
})

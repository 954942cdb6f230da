import { describe, expect, it } from 'vitest'
import { text, toolCall, toolResult } from '../../testing/index.ts'
import { show } from '../session/test-kit.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { UIMessage } from './message.ts'
import { answerCall } from './tool-result.ts'
import { Transcript } from './transcript.ts'

const message = (id: string, role: UIMessage['role'] = 'user'): UIMessage => ({ id, role, parts: [{ type: 'text', content: id }] })
function setup(initial: readonly UIMessage[] = []) {
  let ids = 0
  const transcript = new Transcript({ generateId: () => `id-${++ids}` }, { messages: initial })
  return { transcript, shown: () => show(transcript.messages()) }
}
/** The question is there, and a run that answers it. */
function answering(...chunks: Chunk[]) {
  const test = setup([message('Q')])
  test.transcript.beginRun('Q', 'reply')
  test.transcript.apply(chunks)
  return test
}

describe('a run', () => {
  it('writes one message below its tip, under the id of its first wire message', () => {
    const { transcript, shown } = answering(...text('t', 'A'), ...text('u', 'B'))
    expect(shown()).toBe('Q AB')
    expect(transcript.messages()[1]).toMatchObject({ id: 't', role: 'assistant', parentId: 'Q' })
    expect(transcript.runMessage()).toBe(transcript.messages()[1])
  })
  it('makes no message before there is content', () => {
    const { transcript } = answering(
      { type: 'RUN_STARTED', threadId: 't', runId: 'r' },
      { type: 'STATE_SNAPSHOT', snapshot: {} },
      { type: 'REASONING_START', messageId: 'r' },
    )
    expect(transcript.messages()).toHaveLength(1)
    expect(transcript.runMessage()).toBeUndefined()
  })
  it('a tool call with a parent names the message', () => {
    const { transcript } = answering({ type: 'TOOL_CALL_START', toolCallId: 'c', toolCallName: 'x', parentMessageId: 'p' })
    expect(transcript.messages()[1]?.id).toBe('p')
  })
  it('takes an id of its own when the wire uses one that is taken', () => {
    const { transcript } = answering(...text('Q', 'A'))
    expect(transcript.messages().map(({ id }) => id)).toEqual(['Q', expect.stringMatching(/^id-/)])
  })
  it('that says nothing leaves nothing', () => {
    const { transcript } = answering(text('t')[0]!)
    transcript.endRun('finished')
    expect(transcript.messages()).toHaveLength(1)
    expect(transcript.head()).toBe('Q')
    expect(transcript.runMessage()).toBeUndefined()
  })
  it('in continue mode goes on in the same message', () => {
    const { transcript, shown } = answering(...text('t', 'A'), ...toolCall('c', 'x', {}))
    transcript.endRun('finished')
    transcript.edit({ callId: 'c' }, (message) => answerCall(message, { type: 'tool-result', toolCallId: 'c', content: '1', state: 'complete' }))
    transcript.beginRun('t', 'continue')
    transcript.apply(text('u', 'B'))
    expect(shown()).toBe('Q A{x:complete}B')
  })
  it('a result goes to the call it answers, also if an earlier message has it', () => {
    const { transcript, shown } = answering(...toolCall('c', 'x', {}))
    transcript.endRun('finished')
    transcript.append(message('Q2'))
    transcript.beginRun('Q2', 'reply')
    transcript.apply([toolResult('c', 1), ...text('t2', 'B')])
    expect(shown()).toBe('Q {x:complete} Q2 B')
  })
  it('a text in another role is a message of its own', () => {
    const said: Chunk[] = [{ type: 'TEXT_MESSAGE_START', messageId: 's', role: 'system' }, ...text('s', 'Note').slice(1)]
    const { transcript, shown } = answering(...said, ...text('t', 'A'))
    transcript.endRun('finished')
    expect(shown()).toBe('Q Note A')
    expect(transcript.messages().map(({ role }) => role)).toEqual(['user', 'system', 'assistant'])
  })
  it('the next run does not write to the message of the last one', () => {
    const { transcript, shown } = answering(...text('t', 'A'))
    transcript.endRun('stopped')
    transcript.beginRun('Q', 'reply')
    transcript.apply(text('u', 'B'))
    expect(shown()).toBe('Q B')
    expect(transcript.branches('u').map(({ id }) => id)).toEqual(['t', 'u'])
  })
  it('replace ends it: nothing more is written', () => {
    const { transcript, shown } = answering(...text('t', 'A').slice(0, 2))
    transcript.replace([message('X')], 'tree')
    transcript.apply(text('t', 'B'))
    expect(shown()).toBe('X')
  })
})

describe('replace', () => {
  it('refuses what cannot be a transcript, and changes nothing', () => {
    const { transcript, shown } = setup([message('Q')])
    const bad: unknown[] = [[message('a'), message('a')], [{ id: 'a' }], [{ id: 1, role: 'user', parts: [] }], [null], 'text', {}]
    for (const list of bad) expect(() => transcript.replace(list as never, 'tree')).toThrow(expect.objectContaining({ code: 'misuse' }))
    expect(shown()).toBe('Q')
  })
  it('takes a list without parents as a path', () => {
    const { transcript } = setup([message('Q'), message('A', 'assistant'), message('Q2')])
    expect(transcript.messages().map(({ parentId }) => parentId)).toEqual([null, 'Q', 'A'])
  })
  it('takes its own messages back as they are', () => {
    const { transcript } = setup([message('Q'), message('A', 'assistant')])
    const before = transcript.messages()
    transcript.replace(before, 'tree')
    expect(transcript.messages()).toEqual(before)
    transcript.messages().forEach((now, i) => expect(now).toBe(before[i]))
  })
  it('takes a tree: messages with parents become branches, the last one is shown', () => {
    const { transcript, shown } = setup([
      message('Q'),
      { ...message('A1', 'assistant'), parentId: 'Q' },
      { ...message('A2', 'assistant'), parentId: 'Q' },
    ])
    expect(shown()).toBe('Q A2')
    expect(transcript.branches('A2').map(({ id }) => id)).toEqual(['A1', 'A2'])
  })
  it('survives a message that was cut out of the middle', () => {
    const { transcript, shown } = setup([message('Q'), message('A', 'assistant'), message('Q2')])
    transcript.replace(
      transcript.messages().filter(({ id }) => id !== 'A'),
      'tree',
    )
    expect(shown()).toBe('Q Q2')
  })
})

describe('what an edit and a reload leave', () => {
  it('an edited question is a sibling, each with its own answers', () => {
    const { transcript, shown } = setup([message('Q'), message('A', 'assistant')])
    transcript.append(message('Q-b'), transcript.parentOf('Q'))
    expect(shown()).toBe('Q A')
    transcript.beginRun('Q-b', 'reply')
    transcript.apply(text('B', 'B'))
    expect(shown()).toBe('Q-b B')
    transcript.select('Q')
    expect(shown()).toBe('Q A')
    transcript.select('Q-b')
    expect(shown()).toBe('Q-b B')
  })
})

describe('what goes into a serialised snapshot', () => {
  it('is a summary without content', () => {
    const { transcript } = setup([message('Q'), message('secret', 'assistant')])
    expect(JSON.parse(JSON.stringify(transcript))).toEqual({ messages: 2, last: { id: 'secret', role: 'assistant', parts: 1 } })
  })
})

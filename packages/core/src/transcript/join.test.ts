import { describe, expect, it } from 'vitest'
import { text } from '../../testing/index.ts'
import { assistant, show, user } from '../session/test-kit.ts'
import type { Chunk } from '../protocol/chunk.ts'
import type { RunAt } from './run.ts'
import { Transcript } from './transcript.ts'

const STARTED: Chunk = { type: 'RUN_STARTED', threadId: 't', runId: 'r2' }
const CONTINUED: Chunk = { ...STARTED, parentRunId: 'r1' }

/** An answer that was stored with what one run said, and the beginning of what the next one did. */
function joined(keep: RunAt['keep'], ...chunks: Chunk[]) {
  const initial = [user('Q'), assistant('A', { type: 'text', content: 'one ' }, { type: 'text', content: 'tw' })]
  const transcript = new Transcript({ generateId: () => 'new' }, { messages: initial })
  transcript.beginRun('A', 'join', { keep })
  transcript.apply(chunks)
  transcript.endRun('finished')
  return { shown: show(transcript.messages()), ids: transcript.messages().map(({ id }) => id), start: transcript.runStart() }
}

describe('a run that is joined', () => {
  it('writes the answer anew from its start', () => {
    expect(joined(undefined, STARTED, ...text('b', 'two'))).toMatchObject({ shown: 'Q two', ids: ['Q', 'A'] })
  })
  it('keeps as many parts as were there before it', () => {
    expect(joined(1, CONTINUED, ...text('b', 'two'))).toMatchObject({ shown: 'Q one two', ids: ['Q', 'A'] })
    expect(joined(0, STARTED, ...text('b', 'two'))).toMatchObject({ shown: 'Q two' })
  })
  it('that goes on from another one writes behind what is stored, when nothing else is known', () => {
    expect(joined(undefined, CONTINUED, ...text('b', ' three'))).toMatchObject({ shown: 'Q one tw three', ids: ['Q', 'A'] })
  })
  it('leaves what is stored alone until it says something', () => {
    expect(joined(1, CONTINUED)).toMatchObject({ shown: 'Q one tw' })
  })
})

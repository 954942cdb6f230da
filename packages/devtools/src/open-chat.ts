import type { Chat } from '@statechat/core'
import { recordTrace, type TraceRecorder } from '@statechat/core/trace'
import { recordChat } from './recording/record-chat.ts'
import type { Source } from './source.ts'

/** A chat of the page, recorded from here on. */
export function openChat(chat: Chat): Source {
  let tracer: TraceRecorder | undefined
  const recording = recordChat(chat, {
    onStart() {
      tracer?.stop()
      tracer = recordTrace(chat)
    },
  })
  return {
    name: chat.threadId,
    recording,
    trace() {
      if (!tracer) throw new Error('The chat was disposed of before anything was recorded.')
      if (tracer.state === 'waiting') throw new Error('A trace begins when the chat is idle, and it has not been since the panel is there.')
      return tracer.trace()
    },
    stop() {
      recording.stop()
      tracer?.stop()
    },
  }
}

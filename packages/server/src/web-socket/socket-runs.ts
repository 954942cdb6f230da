import type { ChatRequest } from '../parse-chat-request.ts'
import type { ClientFrame, RunFrames } from './frames.ts'

type FrameOf<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>

/** What is read of a run; `null`: nothing is left of it. */
export type Body = Promise<ReadableStream<Uint8Array> | null>

export interface Reading {
  reader: AbortController
  frames: RunFrames
}

/** What a socket's client can ask for. */
export interface SocketRuns {
  run(frame: FrameOf<'run'>, reading: Reading & { input: ChatRequest }): Body
  join(frame: FrameOf<'join'>, reading: Reading): Body
  /** The frames of the answers. */
  active(threadId: string): Promise<string>
  cancel(frame: FrameOf<'cancel'>): Promise<string>
}

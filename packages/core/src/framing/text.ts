import type { Frame, FrameDecoder } from './frame.ts'

/** Text as it comes: each read is one frame, a character that is split between two goes into the second. */
export function createTextDecoder(): FrameDecoder {
  const text = new TextDecoder()
  const toFrames = (data: string): Frame[] => (data === '' ? [] : [{ data }])
  return { feed: (bytes) => toFrames(text.decode(bytes, { stream: true })), end: () => toFrames(text.decode()) }
}

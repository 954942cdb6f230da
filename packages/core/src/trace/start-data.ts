import type { ChatHost } from '../session/host.ts'
import type { UIMessage } from '../transcript/message.ts'

/** The conversation as it is: the path that is shown, and the other versions of each of its messages. */
export function toStartData({ transcript }: ChatHost): { messages: readonly UIMessage[]; head: string | null; state?: unknown } {
  const state = transcript.state()
  return {
    messages: transcript.messages().flatMap(({ id }) => transcript.branches(id)),
    head: transcript.head(),
    ...(state !== undefined && { state }),
  }
}

import type { Chat, ChatOptions } from '../src/chat.ts'
import { createChat } from '../src/create-chat.ts'
import type { Connection } from '../src/connection/connection.ts'
import type { MessageInput } from '../src/message-input.ts'
import type { SendOptions } from '../src/session/events.ts'
import type { TurnResult } from '../src/session/host.ts'
import type { TypesFrom } from '../src/session/options.ts'
import type { Schema } from '../src/tool/schema.ts'
import type { ChatTool } from '../src/tool/tool.ts'
import type { ChatTypes } from '../src/transcript/message.ts'
import { syncScheduler } from '../src/view/scheduler.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { manualConnection, type ManualConnection } from './manual-connection.ts'
import { settled } from './settled.ts'

/** A connection whose pauses, if it has any, a test ends. */
type TestConnection = Connection & { readonly clock?: ManualClock }

/** Options of {@link testChat}: those of a chat, each with a default. */
export interface TestChatOptions<
  C extends TestConnection = ManualConnection,
  Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
> extends Omit<ChatOptions<Tools, Output, State>, 'connection' | 'clock'> {
  /** Default: a `manualConnection()`. */
  connection?: C | undefined
  /** Default: that of the connection, or a new one. */
  clock?: ManualClock | undefined
}

export interface TestChat<C extends Connection = ManualConnection, Types extends ChatTypes = ChatTypes> {
  readonly chat: Chat<Types>
  readonly connection: C
  /** The time of the chat and of its connection's pauses. */
  readonly clock: ManualClock
  /** Sends a message, and waits until the request is out and what it brings at once is shown, not until the turn is over: that is `turn`. */
  ask(input: MessageInput, options?: SendOptions): Promise<{ turn: Promise<TurnResult> }>
}

/**
 * A chat for a test: ids are `id-1`, `id-2` …, the thread is `thread`, time passes when `clock.advance(ms)` says so, what arrives is
 * shown at once, and reconnecting has no jitter. Any option of `createChat` takes the place of its default.
 *
 * @example
 * const { chat, connection, clock, ask } = testChat()
 * await ask('Hi')
 * await connection.run.push(...run(text('m1', 'Hello')))
 */
export function testChat<
  C extends TestConnection = ManualConnection,
  const Tools extends readonly ChatTool[] = readonly ChatTool[],
  Output extends Schema = Schema,
  State = unknown,
>(options: TestChatOptions<C, Tools, Output, State> = {}): TestChat<C, TypesFrom<Tools, Output, State>> {
  // Without a connection among the options, C is its default.
  const connection = options.connection ?? (manualConnection() as unknown as C)
  const clock = options.clock ?? connection.clock ?? manualClock()
  let ids = 0
  const chat = createChat<Tools, Output, State>({
    threadId: 'thread',
    generateId: () => `id-${++ids}`,
    scheduler: syncScheduler,
    now: clock.now,
    random: () => 1,
    ...options,
    connection,
    clock,
  })
  return {
    chat,
    connection,
    clock,
    async ask(input, sendOptions) {
      const turn = chat.sendMessage(input, sendOptions)
      await settled()
      return { turn }
    },
  }
}

import type { WireMessage } from '../protocol/chunk.ts'
import type { UIMessage } from './message.ts'
import { wireMessages } from './wire-messages.ts'
import { writeRichPart } from './write-rich-part.ts'

/**
 * UI messages → the flat messages of AG-UI, with the ids they came with. Every call has a result: one that was
 * never answered says so, or the provider rejects the next request. Only what the server has yet to run goes without:
 * an approved call, and one beside a question whose answer is on its way. Data and source parts are for the UI and
 * stay here. A server that gave two answers the same id gets them back with different ones.
 */
export const toWireMessages = (messages: readonly UIMessage[]): WireMessage[] => wireMessages(messages, writeRichPart)

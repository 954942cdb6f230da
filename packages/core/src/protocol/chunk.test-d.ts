import type { Event, EventType, Message, RunAgentInput as AgUiInput, TokenUsage as AgUiUsage } from '@ag-ui/core'
import type { Chunk, ChunkType, RunAgentInput, TokenUsage, WireMessage } from './chunk.ts'

/**
 * Our vocabulary against the published types of AG-UI 1.0, in both directions. Run by tsc: it has no runtime.
 * `EventType` is an enum there, so its values are taken as literals; our optional fields also admit `undefined`.
 */

/** Enums to their literals, `| undefined` off optional fields, all the way down. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : unknown extends T
      ? T
      : T extends readonly (infer Item)[]
        ? Plain<Item>[]
        : { [K in keyof T]: Plain<Exclude<T[K], undefined>> }

type Theirs<K extends ChunkType> = Plain<Extract<Event, { type: `${K}` }>>
type Ours<K extends ChunkType> = Plain<Extract<Chunk, { type: K }>>

/** Types of ours that are not assignable to theirs, or theirs to ours. */
type Mismatch = {
  [K in ChunkType]: [Ours<K>] extends [Theirs<K>] ? ([Theirs<K>] extends [Ours<K>] ? never : `${K}: theirs is not ours`) : `${K}: ours is not theirs`
}[ChunkType]

function expectNever<_T extends never>(): void {}
function expectAssignable<_To, _From extends _To>(): void {}

// The same set of event types.
expectNever<Exclude<ChunkType, `${EventType}`>>()
expectNever<Exclude<`${EventType}`, ChunkType>>()

// Ours is wider on purpose: what is opaque to us (a request echoed back, patch operations) is `unknown`;
// and narrower once: activity messages of a snapshot are events of their own here.
type Deliberate =
  | 'RUN_STARTED: ours is not theirs'
  | 'STATE_DELTA: ours is not theirs'
  | 'ACTIVITY_DELTA: ours is not theirs'
  | 'MESSAGES_SNAPSHOT: theirs is not ours'
expectNever<Exclude<Mismatch, Deliberate>>()
expectNever<Exclude<Deliberate, Mismatch>>()

expectAssignable<Plain<AgUiUsage>, Plain<TokenUsage>>()
expectAssignable<Plain<TokenUsage>, Plain<AgUiUsage>>()
expectAssignable<Plain<AgUiInput>, Plain<RunAgentInput>>()
expectAssignable<Plain<Message>, Plain<WireMessage>>()
// Activities never travel in requests, so we have no type for them.
expectAssignable<Plain<WireMessage>, Plain<Exclude<Message, { role: 'activity' }>>>()

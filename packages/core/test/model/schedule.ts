import fc from 'fast-check'
import type { WhileBusy } from '../../src/session/options.ts'

const weights = {
  // A person
  send: 12,
  reload: 3,
  retry: 4,
  edit: 2,
  stop: 2,
  clear: 1,
  setMessages: 1,
  select: 2,
  resumeQueue: 3,
  unqueue: 1,
  answerTool: 8,
  approve: 4,
  deny: 2,
  answerQuestion: 3,
  // A tool of the client
  endTool: 6,
  failTool: 2,
  // The network
  text: 12,
  twoTexts: 4,
  think: 3,
  call: 5,
  cutCall: 2,
  result: 4,
  finish: 5,
  close: 4,
  drop: 2,
  fail: 1,
  serverError: 1,
  cursor: 3,
  late: 3,
  /** A call that the client is to answer, and the end of the run. */
  askClient: 6,
  /** Calls of a tool that runs here, one of them after a person agrees, and the end of the run. */
  askTools: 5,
  /** The server asks for an approval and for something else, and ends its run. */
  interrupt: 4,
  /** A run that can be resumed, and its drop. */
  dropResumable: 4,
  /** The same request may be sent again, though nothing has come yet. */
  start: 2,
  /** The network goes and comes back, and the page is looked at again. */
  offline: 2,
  online: 4,
  visible: 2,
  // The clock
  wait: 6,
} as const

const moreWeights = {
  // A person
  reloadFirst: 2,
  editFirst: 2,
  setState: 1,
  answerNobody: 1,
  /** Views come and go. */
  attach: 3,
  detach: 2,
  /** The chat is disposed of, and shown again. */
  remount: 1,
  // The storage
  load: 4,
  failLoad: 1,
  // The network
  /** A run that was going on begins with what it had said. */
  replay: 4,
  caughtUp: 6,
  /** The connection breaks before it was known whether one is going on. */
  lookInVain: 2,
  /** The rest of the arguments that were cut. */
  endCall: 5,
  /** The server says that the run was cancelled. */
  cancelled: 1,
  /** A frame of the page. */
  frame: 6,
  // Options that change
  otherConnection: 3,
  otherTools: 3,
  whileBusy: 4,
  maxSteps: 2,
  /** Callbacks of which each throws. */
  throwing: 3,
  /** Callbacks of which the next one to be called calls a command. */
  meddling: 5,
} as const

type OldStep = keyof typeof weights
export type Step = OldStep | keyof typeof moreWeights

const stepOf = <S extends string>(all: Readonly<Record<S, number>>) =>
  fc.oneof(...Object.entries<number>(all).map(([name, weight]) => ({ arbitrary: fc.constant(name as S), weight })))
const stepsOf = <S extends Step>(all: Readonly<Record<S, number>>) => fc.array(stepOf(all), { minLength: 10, maxLength: 60, size: 'max' })

/** How a schedule begins. */
export interface Setup {
  /** A connection that goes on talking after its abort. */
  ignoresAbort: boolean
  whileBusy: WhileBusy
  /**
   * What there is already. `conversation`: one with a call of our tool that has its result. `questions`: one with calls and questions that wait,
   * also further up. `later`: either of them, when `load` comes. Default: nothing.
   */
  stored?: 'nothing' | 'conversation' | 'questions' | 'conversation later' | 'questions later'
  /** A run may be going on already, and is looked for. Default false. */
  resumes?: boolean
  /** Streamed text waits for the next frame. Default false. */
  hasFrames?: boolean
}
export interface Schedule extends Setup {
  steps: Step[]
}

const setup = { ignoresAbort: fc.boolean(), whileBusy: fc.constantFrom<WhileBusy>('queue', 'queue', 'interrupt', 'drop') }

/** A connection that obeys its abort signal or one that does not, and what happens to it. */
export const setups = fc.record({ ...setup, steps: stepsOf(weights) })

/** A run is looked for once in the life of a chat; what may come of it is rare unless it comes first. */
const beginnings = fc.constantFrom<Step[]>([], [], [], ['attach'], ['attach', 'replay'], ['attach', 'lookInVain', 'retry', 'replay'])

/** The same, with everything else that can happen: options that change, views that come and go, callbacks that do harm. */
export const schedules: fc.Arbitrary<Schedule> = fc.record({
  ...setup,
  stored: fc.constantFrom('nothing', 'nothing', 'conversation', 'questions', 'conversation later', 'questions later'),
  resumes: fc.boolean(),
  hasFrames: fc.boolean(),
  steps: fc.tuple(beginnings, stepsOf({ ...weights, ...moreWeights })).map((steps) => steps.flat()),
})

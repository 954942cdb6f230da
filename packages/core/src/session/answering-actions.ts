import { assertEvent } from 'xstate'
import { answering, isLoaded } from './answering.ts'
import type { Args } from './args.ts'
import { assign, enqueueActions } from './types.ts'

// Where these occur their code is here: chunks of calls and answers wait for it, and no guard lets one by before.

export const noteAnswer = assign((args) => answering.get()?.answered(args) ?? {})
export const writeAnswer = (args: Args) => answering.get()?.writeAnswer(args)
export const resumeTurn = assign((args) => answering.get()?.resumed(args) ?? {})
export const scheduleExpiry = enqueueActions((args) => answering.get()?.scheduleExpiry(args))
export const cancelExpiry = enqueueActions((args) => answering.get()?.cancelExpiry(args))

export const tellCalls = (args: Args) => answering.get()?.tellCalls(args)
export const startTools = enqueueActions((args) => answering.get()?.startTools(args))
export const startTool = enqueueActions((args) => answering.get()?.startTool(args))
export const stopTools = enqueueActions((args) => answering.get()?.stopTools(args))
export const stopTool = enqueueActions((args) => answering.get()?.stopTool(args))
export const writeTool = (args: Args) => answering.get()?.writeTool(args)
export const limitTool = enqueueActions((args) => answering.get()?.limitTool(args))
export const failTool = enqueueActions((args) => answering.get()?.failTool(args))

export const warnNotOwed = ({ context, event }: Args) => {
  assertEvent(event, ['tool.result', 'tool.approval', 'interrupt.answer'])
  const { transcript } = context.host
  const id = event.type === 'tool.result' ? event.result.toolCallId : event.type === 'tool.approval' ? event.toolCallId : event.id
  const what = event.type === 'interrupt.answer' ? 'interrupt' : 'call'
  const state = (event.type === 'interrupt.answer' ? transcript.interrupt(id) : transcript.call(id))?.state
  const why = !isLoaded()
    ? 'the code that handles it is not loaded yet; await preload() first'
    : state === undefined
      ? `there is no such ${what}`
      : `the ${what} is ${state}`
  context.host.warn({ code: 'ignored_event', message: `An answer to the ${what} ${id} was ignored: ${why}.`, seen: event })
}

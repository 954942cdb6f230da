import { answering } from './answering.ts'
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
  const why = answering.get()?.whyNotOwed({ context, event }) ?? 'The code for answers is not loaded yet: await preload() first.'
  context.host.warn({ code: 'ignored_event', message: `${event.type} was ignored. ${why}`, seen: event })
}

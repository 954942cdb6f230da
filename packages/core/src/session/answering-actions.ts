import { answering } from './answering.ts'
import type { Args } from './args.ts'
import { assign, enqueueActions } from './types.ts'

// Where these occur their code is here: chunks of calls and answers wait for it, and no guard lets one by before.

const noteAnswer = assign((args) => answering.get()?.answered(args) ?? {})
const writeAnswer = (args: Args) => answering.get()?.writeAnswer(args)
const resumeTurn = assign((args) => answering.get()?.resumed(args) ?? {})
const scheduleExpiry = enqueueActions((args) => answering.get()?.scheduleExpiry(args))
const cancelExpiry = enqueueActions((args) => answering.get()?.cancelExpiry(args))

const tellCalls = (args: Args) => answering.get()?.tellCalls(args)
const startTools = enqueueActions((args) => answering.get()?.startTools(args))
const startTool = enqueueActions((args) => answering.get()?.startTool(args))
const stopTools = enqueueActions((args) => answering.get()?.stopTools(args))
const stopTool = enqueueActions((args) => answering.get()?.stopTool(args))
const writeTool = (args: Args) => answering.get()?.writeTool(args)
const limitTool = enqueueActions((args) => answering.get()?.limitTool(args))
const failTool = enqueueActions((args) => answering.get()?.failTool(args))

const warnNotOwed = ({ context, event }: Args) => {
  const why = answering.get()?.whyNotOwed({ context, event }) ?? 'The code for answers is not loaded yet: await preload() first.'
  context.host.warn({ code: 'ignored_event', message: `${event.type} was ignored. ${why}`, seen: event })
}

export const answeringActions = {
  noteAnswer,
  writeAnswer,
  resumeTurn,
  scheduleExpiry,
  cancelExpiry,
  tellCalls,
  startTools,
  startTool,
  stopTools,
  stopTool,
  writeTool,
  limitTool,
  failTool,
  warnNotOwed,
}

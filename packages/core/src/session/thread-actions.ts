import type { Args } from './args.ts'
import { assign } from './types.ts'

// Other tabs are heard of by chats that share their thread, and these bring the code along.

const adoptThread = (args: Args) => args.context.host.threadCode?.adopt(args)
const followRun = assign((args) => args.context.host.threadCode?.follow(args) ?? {})
const followOn = assign((args) => args.context.host.threadCode?.followOn(args) ?? {})
const yieldTurn = assign((args) => args.context.host.threadCode?.yieldTurn(args) ?? {})
const settleYielded = (args: Args) => args.context.host.threadCode?.settleYielded(args)

export const threadActions = { adoptThread, followRun, followOn, yieldTurn, settleYielded }

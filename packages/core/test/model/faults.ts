import type { ChatContext } from '../../src/session/context.ts'
import type { Connection } from '../../src/connection/connection.ts'
import type { ChatEvent } from '../../src/session/events.ts'
import type { ChatHost } from '../../src/session/host.ts'
import { chatMachine } from '../../src/session/machine.ts'
import { clientTools } from '../../src/session/options.ts'
import { assign } from '../../src/session/types.ts'
import type { ToolContext } from '../../src/tool/tool.ts'
import type { ChatSnapshot } from '../../src/view/snapshot.ts'
import type { World } from '../random-world.ts'
import { STORED_CALL } from './stored.ts'

/** Something deliberately done wrong. */
export interface Fault {
  readonly what: string
  /** Does it to a chat in which nothing has happened yet; gives what undoes it, if other chats are concerned. */
  arm(world: World): (() => void) | void
}

type Action = (args: { context: ChatContext; event: { type: string } }) => void

const NOTHING = () => {}

/** Puts another action behind a name of the machine's file, or another actor. */
const inMachine =
  (kind: 'actions' | 'actors', name: string, by: (original: never) => unknown): Fault['arm'] =>
  () => {
    const implementations = chatMachine.implementations as unknown as Record<string, Record<string, unknown>>
    const originals = implementations[kind]!
    implementations[kind] = { ...originals, [name]: by(originals[name] as never) }
    return () => {
      implementations[kind] = originals
    }
  }
const without = (action: string) => inMachine('actions', action, () => NOTHING)

/** Changes the chat's side of the machine. */
const inHost =
  (change: (host: ChatHost, world: World) => void): Fault['arm'] =>
  (world) =>
    change(world.chat.actor.getSnapshot().context.host, world)

/** Whoever reads the chat gets this instead of the snapshot. */
const misread =
  (change: (snapshot: ChatSnapshot) => ChatSnapshot): Fault['arm'] =>
  (world) => {
    const { chat } = world
    const getSnapshot = () => change(chat.getSnapshot())
    world.chat = new Proxy(chat, { get: (target, key) => (key === 'getSnapshot' ? getSnapshot : Reflect.get(target, key)) })
  }

/** At the end, instead of what `dispose` does or around it. */
const atTheEnd =
  (end: (world: World, dispose: () => Promise<void>) => Promise<void>): Fault['arm'] =>
  (world) => {
    const { dispose } = world
    world.dispose = () => end(world, dispose)
  }

/** For each invariant, something that only it, or it first, can notice. */
export const faults: Readonly<Record<string, Fault>> = {
  'at most one connection is open, and none without a turn': {
    what: 'a request that is made twice',
    arm: inHost(({ options }) => {
      const connection = options.connection as Connection
      const connect: Connection['connect'] = (...call) => {
        connection.connect(...call)
        return connection.connect(...call)
      }
      options.connection = { ...connection, connect }
    }),
  },
  'the status is one of five, and isLoading and the error agree with it': {
    what: 'an error that is not cleared',
    arm: without('clearError'),
  },
  'the text of a run is what was delivered to it': {
    what: 'a read that is lost',
    arm: inHost(({ transcript }) => {
      const apply = transcript.apply.bind(transcript)
      let reads = 0
      transcript.apply = (chunks) => void (++reads % 4 !== 0 && apply(chunks))
    }),
  },
  'every text is shown once, and none that came after the abort': {
    what: 'a message that takes over what the last one says',
    arm: inHost(({ transcript }) => {
      const append = transcript.append.bind(transcript)
      transcript.append = (message, parentId) => {
        const said = transcript.messages().findLast(({ role }) => role === 'assistant')?.parts ?? []
        append(message, parentId)
        if (said.some(({ type }) => type === 'text')) append({ id: `${message.id} again`, role: 'assistant', parts: [...said] })
      }
    }),
  },
  'the arguments of a call are what was delivered to it': {
    what: 'a read that is lost, with the rest of the arguments in it',
    arm: inHost(({ transcript }) => {
      const apply = transcript.apply.bind(transcript)
      transcript.apply = (chunks) => apply(chunks.filter((chunk) => chunk.type !== 'TOOL_CALL_ARGS' || chunk.delta !== '1}'))
    }),
  },
  'no question of a person vanishes but by a command that replaces messages': {
    what: 'a stop that goes back to the beginning',
    arm: inMachine('actions', 'stopTurn', (original: Action): Action => (args) => {
      original(args)
      const [first] = args.context.host.transcript.messages()
      if (first) args.context.host.transcript.beginRun(first.id, 'reply')
    }),
  },
  'ids are unique': {
    what: 'a path with its end twice',
    arm: inHost(({ transcript }) => {
      const messages = transcript.messages.bind(transcript)
      transcript.messages = () => [...messages(), ...messages().slice(-1)]
    }),
  },
  'no message is empty': {
    what: 'an answer without a part that stays',
    arm: inHost(({ transcript }, { runs }) => {
      const endRun = transcript.endRun.bind(transcript)
      transcript.endRun = (ending) => {
        endRun(ending)
        transcript.append({ id: `empty-${runs.length}-${transcript.messages().length}`, role: 'assistant', parts: [] })
      }
    }),
  },
  'a finished message keeps its identity': {
    what: 'messages that are copied when a run begins',
    arm: inHost(({ transcript }) => {
      const beginRun = transcript.beginRun.bind(transcript)
      transcript.beginRun = (...args) => {
        const copies = transcript.messages().map((message) => ({ ...message }))
        transcript.replace(copies, 'tree')
        beginRun(...args)
      }
    }),
  },
  'no part is open outside running': { what: 'a turn that leaves its parts as they are', arm: without('closeParts') },
  'a tool is executed once for a call, and only while its calls are owed': {
    what: 'tools that are not stopped',
    arm: without('stopTools'),
  },
  'a call that was stored with its result is not executed': {
    what: 'a view that has every call executed',
    arm: inHost((host, { chat, executed }) => {
      const execute = clientTools(host.options).find(({ name }) => name === 'look')!.execute!
      const context: ToolContext = { toolCallId: STORED_CALL, signal: AbortSignal.abort(), emit: NOTHING }
      chat.subscribe(() => {
        if (host.transcript.call(STORED_CALL) && !executed.has(STORED_CALL)) void execute({}, context)
      })
    }),
  },
  'promises of commands settle with the truth': {
    what: 'turns that always say that they finished',
    arm: inHost((host) => {
      const settle = host.settle.bind(host)
      host.settle = (turnId, result) => settle(turnId, { ...result, outcome: 'finished' })
    }),
  },
  'a promise waits for a turn in flight or in the queue, and for nothing else': {
    what: 'a failed turn that nobody is told of',
    arm: without('failTurn'),
  },
  'onFinish is called once for each turn that finished': {
    what: 'an onFinish for a stopped turn',
    arm: inMachine('actions', 'stopTurn', (original: Action): Action => (args) => {
      const { host } = args.context
      host.tell('onFinish', undefined, { finishReason: undefined, usage: [], runId: '', threadId: host.threadId })
      original(args)
    }),
  },
  'the snapshot is the same object until something changes': {
    what: 'a snapshot that is made for each reader',
    arm: misread((snapshot) => ({ ...snapshot })),
  },
  'the queue keeps its order': {
    what: 'a queue that is a stack',
    arm: inMachine('actions', 'enqueue', () =>
      assign(({ context, event }) => {
        const { turnId: id, message } = event as Extract<ChatEvent, { type: 'user.send' }>
        return { queue: [{ id, message, options: {} }, ...context.queue] }
      }),
    ),
  },
  'a run that was stopped is cancelled on its server, once, if it goes on there, and no other is': {
    what: 'a stop that the server does not hear of',
    arm: without('cancelRun'),
  },
  'the network is watched only while one waits to reconnect': {
    what: 'two who watch it for one run',
    arm: ({ network }) => {
      const { watch } = network
      network.watch = (onChange) => {
        const ends = [watch(onChange), watch(onChange)]
        return () => ends.forEach((end) => end())
      }
    },
  },
  'a timer runs only while one waits to reconnect or for a tool, and one frame at most': {
    what: 'timers that are not cancelled',
    arm: ({ clock }) => void (clock.clearTimeout = NOTHING),
  },
  'only what callbacks throw is reported': {
    what: 'an effect that throws',
    arm: inHost((host) => {
      const { tell } = host
      const fail = () => {
        throw new Error('An accident.')
      }
      host.tell = (name, ...args) => {
        tell(name, ...args)
        if (name === 'onFinish') host.defer(fail)
      }
    }),
  },
  'after dispose nothing is scheduled': {
    what: 'timers that dispose leaves',
    arm: atTheEnd(async ({ clock }, dispose) => {
      clock.clearTimeout = NOTHING
      await dispose()
    }),
  },
  'after dispose nobody watches the network': {
    what: 'a watch that dispose leaves',
    arm: atTheEnd(async ({ network }, dispose) => {
      await dispose()
      network.watch(NOTHING)
    }),
  },
  'after dispose nothing is open': {
    what: 'a connection that dispose leaves open',
    arm: atTheEnd(async (world, dispose) => {
      await dispose()
      world.runs = world.runs.slice(-1).map((run) => ({ ...run, signal: new AbortController().signal }))
    }),
  },
  'after dispose no promise waits': { what: 'a dispose that settles nothing', arm: inHost((host) => void (host.close = NOTHING)) },
  'after dispose nothing changes': {
    what: 'a command that comes late and is carried out',
    arm: atTheEnd(async ({ chat, clock }, dispose) => {
      await dispose()
      const { increment } = clock
      clock.increment = (ms) => {
        chat.attach()
        void chat.sendMessage('late')
        increment(ms)
      }
    }),
  },
}

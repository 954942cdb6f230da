import type { ChatCallbacks, LiveOptions } from '../../src/session/options.ts'
import type { ClientTool } from '../../src/tool/tool.ts'
import type { Stage } from './stage.ts'

/** What callbacks throw here. Whoever runs schedules sees to it that nobody takes it for an accident. */
export class Thrown extends Error {}

const WHILE_BUSY = ['queue', 'interrupt', 'drop'] as const
const MAX_STEPS = [2, 0, undefined] as const
const NAMES = ['onChunk', 'onFinish', 'onError', 'onToolCall', 'onWarning'] as const

/** Options that change while the chat lives. */
export function optionActs(stage: Stage, tools: readonly ClientTool[], heard: ChatCallbacks) {
  const { chat, connections, track, count } = stage
  const turn = { connection: 0, tools: 0, whileBusy: 0, maxSteps: 0, command: 0 }
  const next = <T>(name: keyof typeof turn, all: readonly T[]): T => all[++turn[name] % all.length]!

  /** One of them, then all are as they were. */
  const commands: (() => unknown)[] = [
    () => chat.stop(),
    () => {
      const id = `C${count()}`
      track(id, chat.sendMessage({ content: id, id }))
    },
    () => track(stage.nextId(), chat.reload()),
    () => chat.clear(),
    () => track(stage.nextId(), chat.retry()),
    () => chat.setMessages((messages) => messages.slice(0, 1)),
    () => chat.updateOptions({ whileBusy: next('whileBusy', WHILE_BUSY) }),
    () => chat.resumeQueue(),
  ]
  const callbacks = (act: () => unknown): ChatCallbacks =>
    Object.fromEntries(
      NAMES.map((name) => [
        name,
        (...args: unknown[]) => {
          ;(heard[name] as ((...args: unknown[]) => void) | undefined)?.(...args)
          act()
        },
      ]),
    )
  const change = (options: Partial<LiveOptions>) => chat.updateOptions(options)

  return {
    otherConnection: () => change({ connection: next('connection', connections) }),
    otherTools: () => change({ tools: next('tools', [tools, tools.slice(0, 1), []]) }),
    whileBusy: () => change({ whileBusy: next('whileBusy', WHILE_BUSY) }),
    maxSteps: () => change({ maxSteps: next('maxSteps', MAX_STEPS) }),
    throwing: () =>
      change(
        callbacks(() => {
          throw new Thrown('A callback throws.')
        }),
      ),
    meddling: () =>
      change(
        callbacks(() => {
          change(callbacks(() => {}))
          next('command', commands)()
        }),
      ),
  }
}

import type { Chat } from './chat.ts'
import type { ChatTypes } from './transcript/message.ts'

const NAMES = [
  'sendMessage',
  'append',
  'reload',
  'edit',
  'stop',
  'retry',
  'clear',
  'setMessages',
  'addToolResult',
  'approve',
  'deny',
  'resolveInterrupt',
  'cancelInterrupt',
  'setState',
  'branches',
  'selectBranch',
  'unqueue',
  'resumeQueue',
] as const

/** What can be done with a chat: the same in every framework. */
export type ChatCommands<Types extends ChatTypes = ChatTypes> = Pick<Chat<Types>, (typeof NAMES)[number]>

type Call = (command: (...args: unknown[]) => unknown, args: unknown[]) => unknown

/**
 * The commands of whatever chat is current when one is called, for bindings: the functions themselves never change.
 * `call` is for what a framework needs around a call, e.g. not to follow what is read in it.
 *
 * @example
 * const { sendMessage } = bindCommands(() => current)
 */
export function bindCommands<Types extends ChatTypes = ChatTypes>(
  chat: () => Chat<Types>,
  call: Call = (command, args) => command(...args),
): ChatCommands<Types> {
  const bind = (name: (typeof NAMES)[number]) => [name, (...args: unknown[]) => call(chat()[name] as never, args)] as const
  return Object.fromEntries(NAMES.map(bind)) as unknown as ChatCommands<Types>
}

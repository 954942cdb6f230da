export * from '@statechat/core'

export { injectChat, provideChat } from './provide-chat.ts'
export { useChat, type UseChatResult } from './use-chat.ts'
export { useChatSelector } from './use-chat-selector.ts'
export { useMessage } from './use-message.ts'
export { useReadable } from './use-readable.ts'
export type { MaybeRefs } from './use-shown-chat.ts'

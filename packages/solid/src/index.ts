export * from '@statechat/core'

export { ChatProvider, type ChatProviderProps, useChatContext } from './chat-provider.ts'
export type { MaybeAccessor } from './maybe-accessor.ts'
export { useChat, type UseChatResult } from './use-chat.ts'
export { useChatSelector } from './use-chat-selector.ts'
export { useMessage } from './use-message.ts'
export { useReadable } from './use-readable.ts'

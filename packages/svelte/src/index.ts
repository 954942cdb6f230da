export * from '@statechat/core'

export { injectChat, provideChat } from './chat-context.ts'
export type { MaybeGetter } from './maybe-getter.ts'
export { useChat, type UseChatResult } from './use-chat.ts'
export { useChatSelector } from './use-chat-selector.ts'
export { useMessage } from './use-message.ts'
export { type Reactive, useReadable } from './use-readable.ts'

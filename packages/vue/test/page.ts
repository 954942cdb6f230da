import { type Chat, type ChatOptions, injectChat, provideChat, useChat, useChatSelector, useMessage } from '@statechat/vue'
import { type Component, defineComponent, h, Suspense } from 'vue'
import { textOf } from './support.ts'

const Count = defineComponent(() => {
  const count = useChatSelector(injectChat(), ({ messages }) => messages.length)
  return () => h('b', count.value)
})

const First = defineComponent(() => {
  const message = useMessage(injectChat(), 'u1')
  return () => h('i', message.value ? 'there' : 'absent')
})

/** A page as a server renders it: all that reads a chat is in a boundary of its own, which is hydrated when `code` has come. */
export const pageOf = (options: ChatOptions, { code, onChat }: { code?: Promise<void>; onChat?: (chat: Chat) => void } = {}): Component => {
  const Thread = defineComponent(async () => {
    const { messages, status, phase, canReload } = useChat()
    await code
    return () =>
      h('section', [
        h('output', `${status.value} ${phase.value} ${canReload.value}`),
        messages.value.map((message) => h('p', { key: message.id }, textOf(message))),
        h(Count),
        h(First),
      ])
  })
  return defineComponent(() => {
    const { chat, isLoading } = useChat(options)
    provideChat(chat)
    onChat?.(chat.value)
    return () => [h('h1', String(isLoading.value)), h(Suspense, () => h(Thread))]
  })
}

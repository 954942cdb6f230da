import { type Chat, type UIMessage, useChat, useChatSelector, type UseChatOptions } from '@statechat/vue'
import { type Act, type Computed, jsonOf, textOf, textOfInterrupt, textOfPart, type ViewOptions } from '@statechat/conformance'
import { type Component, defineComponent, h, type PropType } from 'vue'

/** Where a view leaves what the suite asks for. */
export interface Seen {
  act?: Act
  readonly computed: Computed
}

export const seeNothing = (): Seen => ({ computed: { status: 0, selector: 0, rows: {} } })

const required = <T>() => ({ type: Object as unknown as PropType<T>, required: true as const })

const Row = defineComponent({
  props: { message: required<UIMessage>(), computed: required<Computed>() },
  setup: (props) => () => {
    const { message, computed } = props
    computed.rows[message.id] = (computed.rows[message.id] ?? 0) + 1
    return h(
      'li',
      { 'data-id': message.id, 'data-role': message.role },
      message.parts.map((part, i) => h('span', { key: i, 'data-part': i }, textOfPart(part))),
    )
  },
})

/** Reads `status` alone, through useChat. */
const Status = defineComponent({
  props: { chat: required<Chat>(), computed: required<Computed>() },
  setup(props) {
    const { status } = useChat(() => ({ chat: props.chat }))
    return () => {
      props.computed.status++
      return h('output', status.value)
    }
  },
})

const Selected = defineComponent({
  props: { chat: required<Chat>(), computed: required<Computed>() },
  setup(props) {
    const status = useChatSelector(
      () => props.chat,
      (snapshot) => snapshot.status,
    )
    return () => {
      props.computed.selector++
      return h('output', status.value)
    }
  },
})

/** The view of the conformance suite. */
export const viewOf = (options: () => ViewOptions, seen = seeNothing(), beforeSubscribe?: () => void): Component =>
  defineComponent(() => {
    const { computed } = seen
    const result = useChat(() => options() as UseChatOptions)
    const { chat, messages, status, phase, isLoading, isReplaying, error, threadId, queue, interrupts, partial, final, state } = result
    seen.act = result
    beforeSubscribe?.()
    return () =>
      h(
        'div',
        {
          'data-status': status.value,
          'data-phase': phase.value ?? '',
          'data-loading': isLoading.value,
          'data-replaying': isReplaying.value,
          'data-error': error.value?.code ?? '',
          'data-thread': threadId.value,
          'data-partial': jsonOf(partial.value),
          'data-final': jsonOf(final.value),
          'data-state': jsonOf(state.value),
        },
        [
          h(
            'ul',
            messages.value.map((message) => h(Row, { key: message.id, message, computed })),
          ),
          h(
            'ol',
            queue.value.map(({ id, message }) => h('li', { key: id }, textOf(message))),
          ),
          h(
            'menu',
            interrupts.value.map((interrupt) => h('li', { key: interrupt.id }, textOfInterrupt(interrupt))),
          ),
          h(Status, { chat: chat.value, computed }),
          h(Selected, { chat: chat.value, computed }),
        ],
      )
  })

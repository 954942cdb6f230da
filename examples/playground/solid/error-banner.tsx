import type { ChatError } from '@statechat/solid'
import { Show } from 'solid-js'

/** What went wrong, and what can be done about it. */
export function ErrorBanner(props: { error: ChatError; onRetry: (() => void) | undefined }) {
  return (
    <section class="error" aria-label="Error">
      <p>
        <code>{props.error.code}</code> {props.error.message}
        <Show when={props.error.retryAfter !== undefined}> Try again in {Math.ceil(props.error.retryAfter! / 1000)} s.</Show>
      </p>
      <Show when={props.onRetry}>
        <button type="button" onClick={() => props.onRetry?.()}>
          Retry
        </button>
      </Show>
    </section>
  )
}

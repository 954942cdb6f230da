import type { ChatError } from '@statechat/react'

/** What went wrong, and what can be done about it. */
export function ErrorBanner({ error, onRetry }: { error: ChatError; onRetry: (() => void) | undefined }) {
  return (
    <section className="error" aria-label="Error">
      <p>
        <code>{error.code}</code> {error.message}
        {error.retryAfter !== undefined && <> Try again in {Math.ceil(error.retryAfter / 1000)} s.</>}
      </p>
      {onRetry && (
        <button type="button" onClick={onRetry}>
          Retry
        </button>
      )}
    </section>
  )
}

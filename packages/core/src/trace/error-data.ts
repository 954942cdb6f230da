import { ChatError, isChatError, messageOf } from '../errors.ts'
import type { TraceError } from './trace.ts'

/** An error as data. Of its cause only what it said is kept: causes are known to carry requests with their headers. */
export function toErrorData(error: unknown): TraceError {
  if (!isChatError(error)) return { code: 'connection', message: withoutSecrets(messageOf(error)) }
  const { code, message, status, contentType, body, retryAfter, serverCode, retryable, issues, cause } = error
  return {
    code,
    message: withoutSecrets(message),
    status,
    contentType,
    body,
    retryAfter,
    serverCode,
    retryable,
    issues,
    ...(cause !== undefined && { cause: { name: cause instanceof Error ? cause.name : 'Error', message: withoutSecrets(messageOf(cause)) } }),
  }
}

/** An address in a message says where, not with which key: no password, no query. */
const withoutSecrets = (message: string): string =>
  message.replaceAll(
    /(\b\w+:\/\/)([^\s/?#@]*@)?([^\s?#]*)([?#][^\s)]*)?/g,
    (_, scheme: string, user: string | undefined, path: string, query: string | undefined) =>
      `${scheme}${user ? '…@' : ''}${path}${query ? '?…' : ''}`,
  )

export function fromErrorData({ code, message, cause, ...details }: TraceError): ChatError {
  return new ChatError(code, message, { ...details, ...(cause && { cause: Object.assign(new Error(cause.message), { name: cause.name }) }) })
}

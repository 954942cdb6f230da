import type { UIMessage } from '@statechat/core'

export const textOf = ({ parts }: UIMessage): string => parts.map((part) => ('content' in part ? String(part.content) : part.type)).join('')

export const user = (id: string, content: string): UIMessage => ({ id, role: 'user', parts: [{ type: 'text', content }] })
export const assistant = (id: string, content: string): UIMessage => ({ id, role: 'assistant', parts: [{ type: 'text', content }] })

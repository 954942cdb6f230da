import type { ResumeEntry, RunAgentInput, WireMessage, WireTool } from '@statechat/core/wire'
import { normaliseMessages } from './normalise-messages.ts'
import { readJson } from './read-json.ts'
import { parseUIMessageBody } from './ui-message-stream/parse-ui-message-body.ts'
import { compact, list, name, object, oneOf, optional, refuse, text } from './shape.ts'

/** A checked request: AG-UI's, with every list in place, and what else the body held. */
export interface ChatRequest extends RunAgentInput {
  /** The fields that are not AG-UI's, e.g. those of the client's `body` option. Unchecked: they are what a client sent. */
  body: Record<string, unknown>
}

export interface ParseOptions {
  /** A longer body is refused with 413. Default 4 MiB. */
  maxBytes?: number | undefined
  /** For the ids that are missing in the body. */
  generateId?: (() => string) | undefined
}

/**
 * Reads and checks the body of a chat request: AG-UI's RunAgentInput, or just `{ messages, … }`, the messages as
 * `normaliseMessages()` takes them (a TanStack AI client's body is one of these), or what an AI SDK client posts. Throws a `ChatRequestError`
 * with a status and a reason: 400, 405, 413 or 415.
 *
 * @example
 * ```ts
 * async function POST(request: Request): Promise<Response> {
 *   const { messages, tools, resume, threadId, runId } = await parseChatRequest(request)
 *   return toStreamResponse(ai(openai()).chat({ messages, tools, resume, threadId, runId }), { signal: request.signal })
 * }
 * ```
 */
export async function parseChatRequest(request: Request, options: ParseOptions = {}): Promise<ChatRequest> {
  return parseChatBody(await readJson(request, options.maxBytes ?? 4 * 1024 * 1024), options)
}

/** As {@link parseChatRequest}, for a body that a framework has already read and parsed. */
export function parseChatBody(value: unknown, { generateId = () => crypto.randomUUID() }: Pick<ParseOptions, 'generateId'> = {}): ChatRequest {
  const { threadId, runId, parentRunId, protocolVersion, messages, tools, state, context, forwardedProps, resume, ...body } = object(
    parseUIMessageBody(value, { generateId }) ?? value,
    'body',
  )
  return compact({
    threadId: optional(threadId, name, 'threadId') ?? generateId(),
    runId: optional(runId, name, 'runId') ?? generateId(),
    parentRunId: optional(parentRunId, name, 'parentRunId'),
    protocolVersion: optional(protocolVersion, text, 'protocolVersion'),
    messages: someMessages(messages, generateId),
    tools: optional(tools, toolList, 'tools') ?? [],
    state: state === undefined ? {} : state,
    context: optional(context, contextList, 'context') ?? [],
    forwardedProps: forwardedProps ?? {},
    resume: optional(resume, resumeList, 'resume'),
    body,
  })
}

/** Counted after AG-UI's activity messages, which no model sees, have gone. */
function someMessages(value: unknown, generateId: () => string): WireMessage[] {
  const messages = normaliseMessages(list(value, 'messages'), { generateId })
  return messages.length > 0 ? messages : refuse('messages', 'must not be empty')
}

function toolList(value: unknown, path: string): WireTool[] {
  const names = new Set<string>()
  return list(value, path).map((item, index) => {
    const at = `${path}[${index}]`
    const tool = object(item, at)
    const toolName = name(tool['name'], `${at}.name`)
    if (names.has(toolName)) refuse(`${at}.name`, 'another tool has this name')
    names.add(toolName)
    return compact({
      name: toolName,
      description: optional(tool['description'], text, `${at}.description`) ?? '',
      parameters: optional(tool['parameters'], object, `${at}.parameters`),
      metadata: optional(tool['metadata'], object, `${at}.metadata`),
    })
  })
}

function contextList(value: unknown, path: string): RunAgentInput['context'] {
  return list(value, path).map((item, index) => {
    const at = `${path}[${index}]`
    const entry = object(item, at)
    return { description: text(entry['description'], `${at}.description`), value: text(entry['value'], `${at}.value`) }
  })
}

function resumeList(value: unknown, path: string): ResumeEntry[] {
  return list(value, path).map((item, index) => {
    const at = `${path}[${index}]`
    const { interruptId, status, payload } = object(item, at)
    return compact({
      interruptId: name(interruptId, `${at}.interruptId`),
      status: oneOf(status, ['resolved', 'cancelled'] as const, `${at}.status`),
      payload,
    })
  })
}

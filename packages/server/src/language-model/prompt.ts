import type { ContentPart, WireMessage } from '@statechat/core/wire'
import type { ModelRequest } from '../adapter.ts'
import { assistantTurns, type PromptContext } from './assistant-turns.ts'
import type { FileReader } from './prompt-file.ts'
import type { PromptMessage, UserPart } from './prompt-part.ts'
import { optionsIn, withOptions } from './seal.ts'

/** Wire messages → the prompt: the messages of one answer become one again, with everything that its provider wants back. */
export async function promptOf({ system, messages }: Pick<ModelRequest, 'system' | 'messages'>, context: PromptContext): Promise<PromptMessage[]> {
  const prompt: PromptMessage[] = system === undefined ? [] : [{ role: 'system', content: system }]
  const turns = assistantTurns(context)
  for (const message of messages) {
    switch (message.role) {
      case 'system':
      case 'developer':
        prompt.push(...turns.end(), { role: 'system', content: message.content, ...withOptions(optionsIn(message.metadata)) })
        break
      case 'user':
        prompt.push(...turns.end(), await userMessage(message, context.files))
        break
      case 'reasoning':
      case 'assistant':
        prompt.push(...(await turns.say(message)))
        break
      case 'tool':
        await turns.answer(message)
        break
    }
  }
  return [...prompt, ...turns.end()]
}

async function userMessage({ content, metadata }: Extract<WireMessage, { role: 'user' }>, files: FileReader): Promise<PromptMessage> {
  const parts: readonly ContentPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  const toPart = async (part: ContentPart): Promise<UserPart> =>
    part.type === 'text' ? { type: 'text', text: part.text, ...withOptions(optionsIn(part.metadata)) } : files.promptFile(part)
  return { role: 'user', content: await Promise.all(parts.map(toPart)), ...withOptions(optionsIn(metadata)) }
}

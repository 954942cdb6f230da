import type { WireTool } from '@statechat/core/wire'
import { refusal } from './refusal.ts'
import type { Step, ToolOutcome } from './step.ts'

/** Something that only a declared tool can do. */
export interface Errand {
  tool: string
  input: unknown
  /** What is said before. */
  plan: string
  done: (result: ToolOutcome) => string
  failure: string
}

/** The errand in a question, if there is one. */
export function parseErrand(question: string): Errand | undefined {
  const asked = /^\s*call\s+`?([\w-]+)`?\s*(\{.*\})?\s*$/is.exec(question)
  if (asked) return anyTool(asked[1]!, asked[2])
  if (/\b(e-?mail|mail)\b/i.test(question)) return mail(question)
  if (/\b(theme|dark|light)\b/i.test(question)) return theme(/\blight\b/i.test(question) ? 'light' : 'dark')
  if (/\bwhere am i\b|\blocation\b/i.test(question)) return location()
  return undefined
}

/** Calls the tool, and says what came of it; says that there is none where nobody has declared it. */
export function* errand({ tool, input, plan, done, failure }: Errand, tools: readonly WireTool[]): Generator<Step, void, ToolOutcome[]> {
  if (!tools.some(({ name }) => name === tool)) {
    yield `I would call \`${tool}\` for that, but no tool of that name has been declared.`
    return
  }
  yield plan
  const [result] = yield { tool, input }
  if (result) yield result.error === undefined ? done(result) : refusal(result.error, failure)
}

const theme = (to: 'dark' | 'light'): Errand => ({
  tool: 'set_theme',
  input: { theme: to },
  plan: `I will make the page ${to}.`,
  done: () => `The page is **${to}** now.`,
  failure: 'The theme could not be changed',
})

const location = (): Errand => ({
  tool: 'get_location',
  input: {},
  plan: 'I will ask your browser where you are.',
  done: ({ output, content }) => {
    const { latitude, longitude } = (output ?? {}) as { latitude?: unknown; longitude?: unknown }
    return typeof latitude === 'number' && typeof longitude === 'number' ? `You are at **${latitude}, ${longitude}**.` : `You are here: ${content}`
  },
  failure: 'I could not find out where you are',
})

function mail(question: string): Errand {
  const [address] = /[^\s<>,;:]+@[^\s<>,;:]+\.\w+/.exec(question) ?? []
  const [, name = 'ann'] = /\bto\s+([a-z]+)\b/i.exec(question) ?? []
  const to = address ?? `${name.toLowerCase()}@example.com`
  return {
    tool: 'send_mail',
    input: { to, subject: 'A note from the scripted model', body: 'Hello! Somebody asked me to write to you, so here I am.' },
    plan: `I have written a mail to ${to}.`,
    done: ({ input }) => `The mail to **${String((input as { to?: unknown } | null)?.to)}** is sent.`,
    failure: 'The mail could not be sent',
  }
}

function anyTool(tool: string, json: string | undefined): Errand {
  return {
    tool,
    input: parsed(json),
    plan: `I will call \`${tool}\`.`,
    done: ({ content }) => `\`${tool}\` says: ${content}`,
    failure: `\`${tool}\` failed`,
  }
}

/** What is no JSON goes to the tool as it is, to be refused there. */
function parsed(json: string | undefined): unknown {
  try {
    return json === undefined ? {} : JSON.parse(json)
  } catch {
    return json
  }
}

import { ai } from '@statechat/server'
import { openai } from '@statechat/server/openai'
import { scripted } from '@statechat/server/scripted'

const { OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL, SCRIPTED_DELAY_MS } = process.env

const DEFAULT_MODEL = 'gpt-4o-mini'

/** A key or a base URL (Ollama, vLLM, LM Studio, OpenRouter) selects a real model; without either, the scripted one answers. */
export const isScripted = !OPENAI_API_KEY && !OPENAI_BASE_URL

export const model = isScripted ? 'scripted' : (OPENAI_MODEL ?? DEFAULT_MODEL)

export const modelName = isScripted ? 'scripted (set OPENAI_API_KEY or OPENAI_BASE_URL for a real one)' : `${model} at ${OPENAI_BASE_URL ?? 'OpenAI'}`

export const chatModel = ai(
  isScripted
    ? scripted({ delayMs: Number(SCRIPTED_DELAY_MS ?? 20) })
    : openai({ apiKey: OPENAI_API_KEY ?? 'none', ...(OPENAI_BASE_URL && { baseURL: OPENAI_BASE_URL }) }),
)

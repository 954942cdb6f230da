export type { OpenAIClient, OpenAIClientOptions } from './client.ts'
export { openai, type OpenAIOptions } from './openai.ts'

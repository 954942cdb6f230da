import type { ChunkSource } from '../chunk-body.ts'
import type { ChatHandlerOptions, ModelRun } from './options.ts'

/** What the handler's model says to a run. */
export function answer(
  run: ModelRun,
  { model, tools = [], onError, generateId }: Pick<ChatHandlerOptions, 'model' | 'tools' | 'onError' | 'generateId'>,
): ChunkSource | Promise<ChunkSource> {
  if (typeof model === 'function') return model(run)
  const { messages, resume, threadId, runId, parentRunId, tools: requested } = run.input
  return model.chat({ messages, resume, threadId, runId, parentRunId, tools: [...tools, ...requested], signal: run.signal, onError, generateId })
}

import type { ModelAdapter, ModelRequest } from '../adapter.ts'
import { type Clock, systemClock } from '../clock.ts'
import { builtInReply } from './built-in-reply.ts'
import { play } from './play.ts'
import type { FixedReply, Reply } from './step.ts'
import { turnOf } from './turn.ts'

export interface ScriptedOptions {
  /**
   * What to answer: a list with one reply per user message (the last one repeats), or a function of the request.
   * Where it gives `undefined`, or without it, a built-in reply is chosen by the last user message.
   */
  script?: readonly FixedReply[] | ((request: ModelRequest) => Reply | undefined) | undefined
  /** Time before each chunk, in milliseconds. Default 20; 0 is as fast as it is read. */
  delayMs?: number | undefined
  /** Length of a chunk in characters. Default 8. */
  chunkSize?: number | undefined
  clock?: Clock | undefined
}

/**
 * A model without a model: no key, no network, the same answer every time. Without a script it writes Markdown, thinks when
 * asked to think, calls `get_weather` or `add` and `calculate` when asked for the weather or a sum, and fails when asked to fail.
 * If they are declared it also calls `set_theme`, `get_location` and `send_mail`, and any tool on `call <tool> {…}`.
 * With an `outputSchema` it writes an example of it.
 *
 * @example
 * ```ts
 * ai(scripted()).chat({ messages })
 *
 * scripted({
 *   script: function* () {
 *     const [weather] = yield { tool: 'get_weather', input: { city: 'Paris' }, output: { temperature: 21 } }
 *     yield `It says: ${weather?.content}`
 *   },
 * })
 * ```
 */
export function scripted({ script, delayMs = 20, chunkSize = 8, clock = systemClock }: ScriptedOptions = {}): ModelAdapter {
  return {
    name: 'scripted',
    defaultModel: 'scripted',
    stream(request) {
      const { question, index } = turnOf(request.messages)
      const reply = typeof script === 'function' ? script(request) : script?.[Math.min(index, script.length - 1)]
      return play(reply ?? builtInReply(question, request), request, { delayMs, chunkSize, clock })
    },
  }
}

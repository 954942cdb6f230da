import { ChatError } from '../errors.ts'
import { brief, isObject } from '../json.ts'
import type { Trace } from './trace.ts'

const VERSION = 1

/** A trace from anywhere, e.g. a file. Throws `ChatError` `misuse` for what is none, or one of a newer version. */
export function readTrace(given: unknown): Trace {
  if (!isObject(given) || given['format'] !== 'statechat.trace')
    refuse(`expected { format: 'statechat.trace', version: ${VERSION}, … }, saw ${brief(given)}`)
  const { version, threadId, startedAt, options, initial, steps } = given
  if (typeof version === 'number' && version > VERSION)
    throw new ChatError('misuse', `This trace has version ${version}; this statechat reads up to ${VERSION}. Update @statechat/core to play it.`)
  if (version !== VERSION) refuse(`its version is ${brief(version)}`)
  if (typeof threadId !== 'string') refuse('it has no threadId')
  if (typeof startedAt !== 'number') refuse('it has no startedAt')
  if (!isOptions(options)) refuse(`its options are ${brief(options)}`)
  if (!isObject(initial) || !Array.isArray(initial['messages'])) refuse('it has no initial.messages')
  if (!Array.isArray(steps)) refuse('it has no steps')
  for (const [i, step] of steps.entries()) if (!isStep(step)) refuse(`steps[${i}] is ${brief(step)}`)
  return given as unknown as Trace
}

function refuse(why: string): never {
  throw new ChatError('misuse', `This is no trace of a chat that can be played: ${why}.`)
}

const isOptions = (value: unknown): boolean => isObject(value) && Array.isArray(value['tools']) && typeof value['maxSteps'] === 'number'

function isStep(value: unknown): boolean {
  if (!isObject(value)) return false
  const { at, event, ids, options } = value
  return (
    typeof at === 'number' &&
    isObject(event) &&
    typeof event['type'] === 'string' &&
    !event['type'].startsWith('xstate.') &&
    (ids === undefined || Array.isArray(ids)) &&
    (options === undefined || isOptions(options))
  )
}

import { createPartialJson, type PartialJson } from './partial-json.ts'

/** Parts are immutable and a parser is not, so it moves along: it is the right one for the part whose text is as long as what it has read. */
const parsers = new WeakMap<object, PartialJson>()

/** Parts whose text came in one piece: their value is that of the whole text. */
const wholes = new WeakSet<object>()
export const isWhole = (part: object): boolean => wholes.has(part)

/** What a part held, and what comes after it. */
export interface Growth<P extends object> {
  text: string
  delta: string
  /** The part with the value so far. */
  next: (value: unknown) => P
}

/**
 * Makes the next version of a part whose JSON text grew. A part without a parser, as one that was restored, or that grew once already,
 * is read from its start: slower, and the same.
 */
export function growPart<P extends object>(before: object, { text, delta, next }: Growth<P>): P {
  // Arguments that come in one piece, as of a fast model or a whole read, need no parser that remembers where it was.
  const whole = text === '' ? wholeJson(delta) : undefined
  if (whole !== undefined) {
    const part = next(whole)
    wholes.add(part)
    return part
  }
  const known = parsers.get(before)
  const parser = known?.length === text.length ? known : createPartialJson()
  if (parser !== known) parser.write(text)
  parser.write(delta)
  const after = next(parser.value())
  parsers.set(after, parser)
  return after
}

/** The value of a text that is a whole JSON object; undefined for any other. */
function wholeJson(text: string): unknown {
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

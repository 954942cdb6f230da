import { createGrowingValue } from './growing-value.ts'

/** A JSON text that arrives in pieces, and the value of what has come. Never throws. */
export interface PartialJson {
  /** Characters written so far. */
  readonly length: number
  write(text: string): void
  /**
   * The value so far, undefined before there is one; of a text that is not JSON what was understood of it. Immutable: the same object until
   * something in it changed, then a new one in which all that is closed keeps its identity.
   *
   * A string is shown as far as it came, without half an escape or half a character. A number is shown when something follows it, for 1 of 100
   * is a wrong value and not a part of one; so are `true`, `false` and `null` when they are whole. A field is there when its value is.
   */
  value(): unknown
}

/**
 * A new value costs a copy of the containers that are still open. While they are small (some 60 fields, or 2,000 items) every delta shows;
 * wider ones show when enough has come to pay for the copy, so that time stays linear: 10,000 items wait for 1,250 characters.
 */
const SMALL = 2000
const ITEMS_PER_CHARACTER = 8

type Structure = 'value' | 'first-item' | 'first-field' | 'field' | 'colon' | 'comma' | 'end'
type State = Structure | 'string' | 'escape' | 'unicode' | 'number' | 'literal' | 'failed'

const LITERALS = { t: { word: 'true', value: true }, f: { word: 'false', value: false }, n: { word: 'null', value: null } } as const
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** Linear in time and memory, for any pieces: docs/decisions/0010-partial-json.md has the figures. */
export function createPartialJson(): PartialJson {
  const growing = createGrowingValue()
  let state: State = 'value'
  let length = 0
  let shown: unknown
  let shownAt = 0

  /** The string or number being read. */
  let text = ''
  let isName = false
  /** The first half of a surrogate pair waits here for the second. */
  let half = ''
  let digits = ''
  let literal: (typeof LITERALS)[keyof typeof LITERALS] = LITERALS.n
  let matched = 0
  let shownText = 0

  function fail() {
    if (isTextOpen()) growing.put(text)
    state = 'failed'
  }
  const isTextOpen = () => !isName && (state === 'string' || state === 'escape' || state === 'unicode')

  function settle(value: unknown) {
    growing.put(value)
    after()
  }
  function after() {
    state = growing.kind() === undefined ? 'end' : 'comma'
  }
  function close() {
    growing.close()
    after()
  }

  function beginString(as: 'name' | 'value') {
    isName = as === 'name'
    text = half = ''
    shownText = -1
    state = 'string'
  }
  function append(piece: string) {
    if (piece === '') return
    const whole = half + piece
    half = isHighSurrogate(whole.charCodeAt(whole.length - 1)) ? whole.at(-1)! : ''
    text += half === '' ? whole : whole.slice(0, -1)
  }
  function endString() {
    text += half
    if (!isName) return settle(text)
    growing.field(text)
    state = 'colon'
  }

  function beginValue(char: string) {
    switch (char) {
      case '"':
        return beginString('value')
      case '{':
        growing.open({})
        state = 'first-field'
        return
      case '[':
        growing.open([])
        state = 'first-item'
        return
      case 't':
      case 'f':
      case 'n':
        literal = LITERALS[char]
        matched = 1
        state = 'literal'
        return
      default:
        if (!isNumeric(char)) return fail()
        text = char
        state = 'number'
    }
  }

  function readStructure(char: string, at: Structure) {
    if (char === ' ' || char === '\n' || char === '\r' || char === '\t') return
    switch (at) {
      case 'first-item':
        return char === ']' ? close() : beginValue(char)
      case 'value':
        return beginValue(char)
      case 'first-field':
        return char === '}' ? close() : char === '"' ? beginString('name') : fail()
      case 'field':
        return char === '"' ? beginString('name') : fail()
      case 'colon':
        if (char !== ':') return fail()
        state = 'value'
        return
      case 'comma':
        return readComma(char, growing.kind() === 'array')
      case 'end':
        return fail()
    }
  }
  function readComma(char: string, isArray: boolean) {
    if (char === (isArray ? ']' : '}')) return close()
    if (char !== ',') return fail()
    if (isArray) growing.next()
    state = isArray ? 'value' : 'field'
  }

  /** Reads on from `from`; where to go on. */
  function readString(input: string, from: number): number {
    let to = from
    while (to < input.length && !endsRun(input.charCodeAt(to))) to++
    append(input.slice(from, to))
    if (to === input.length) return to
    if (input[to] === '"') endString()
    else if (input[to] === '\\') state = 'escape'
    else fail()
    return to + 1
  }
  function readEscape(char: string) {
    const meant = ESCAPES[char]
    if (meant !== undefined) {
      append(meant)
      state = 'string'
    } else if (char === 'u') {
      digits = ''
      state = 'unicode'
    } else fail()
  }
  function readUnicode(char: string) {
    if (!/[\da-f]/i.test(char)) return fail()
    digits += char
    if (digits.length < 4) return
    append(String.fromCharCode(Number.parseInt(digits, 16)))
    state = 'string'
  }
  function readNumber(input: string, from: number): number {
    let to = from
    while (to < input.length && isNumeric(input[to]!)) to++
    text += input.slice(from, to)
    if (to === input.length) return to
    if (NUMBER.test(text)) settle(Number(text))
    else fail()
    return to
  }
  function readLiteral(char: string) {
    if (char !== literal.word[matched++]) return fail()
    if (matched === literal.word.length) settle(literal.value)
  }

  function read(input: string, at: number): number {
    switch (state) {
      case 'string':
        return readString(input, at)
      case 'number':
        return readNumber(input, at)
      case 'escape':
        readEscape(input[at]!)
        return at + 1
      case 'unicode':
        readUnicode(input[at]!)
        return at + 1
      case 'literal':
        readLiteral(input[at]!)
        return at + 1
      case 'failed':
        return input.length
      default:
        readStructure(input[at]!, state)
        return at + 1
    }
  }

  return {
    get length() {
      return length
    },
    write(input) {
      length += input.length
      for (let at = 0; at < input.length;) at = read(input, at)
    },
    value() {
      const weight = growing.weight()
      if (state !== 'failed' && weight > SMALL && weight > (length - shownAt) * ITEMS_PER_CHARACTER) return shown
      if (isTextOpen() && text.length !== shownText) {
        growing.put(text)
        shownText = text.length
      }
      const value = growing.publish()
      if (value !== shown) shownAt = length
      return (shown = value)
    },
  }
}

const isNumeric = (char: string) => (char >= '0' && char <= '9') || char === '-' || char === '+' || char === '.' || char === 'e' || char === 'E'
const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff
/** A quote, a backslash or a control character, which JSON has only as an escape. */
const endsRun = (code: number) => code === 34 || code === 92 || code < 32

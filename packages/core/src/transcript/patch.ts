import { setField } from '../json.ts'

/**
 * RFC 6902, all of it or nothing; operations may have other fields, too. What does not change keeps its identity.
 * Our own: docs/decisions/0014-json-patch.md.
 */
export function applyPatch(value: unknown, patch: readonly unknown[]): { value: unknown } | { error: string } {
  try {
    return { value: patch.reduce(applyOperation, value) }
  } catch (cause) {
    return { error: (cause as Error).message }
  }
}

function applyOperation(document: unknown, operation: unknown): unknown {
  const { op, path, from, value } = (operation ?? {}) as Record<string, unknown>
  const to = pointer(path)
  switch (op) {
    case 'add':
      return add(document, to, required(operation, 'value'))
    case 'remove':
      return remove(document, to)
    case 'replace':
      get(document, to)
      return set(document, to, required(operation, 'value'))
    case 'move': {
      const source = pointer(from)
      if (source.length < to.length && source.every((key, i) => key === to[i])) throw new Error('a value cannot be moved into itself')
      return add(remove(document, source), to, get(document, source))
    }
    case 'copy':
      return add(document, to, get(document, pointer(from)))
    case 'test':
      if (!isEqual(get(document, to), required(operation, 'value')))
        throw new Error(`the test of ${String(path)} failed, wanted ${JSON.stringify(value)}`)
      return document
    default:
      throw new Error(`${JSON.stringify(op)} is no operation`)
  }
}

function required(operation: unknown, field: string): unknown {
  if (!Object.hasOwn(operation as object, field)) throw new Error(`an operation has no ${field}`)
  return (operation as Record<string, unknown>)[field]
}

/** RFC 6901. */
function pointer(path: unknown): string[] {
  if (typeof path !== 'string' || (path !== '' && !path.startsWith('/'))) throw new Error(`${JSON.stringify(path)} is no path`)
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

type Container = unknown[] | Record<string, unknown>

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null

function get(document: unknown, path: readonly string[]): unknown {
  return path.reduce((at, key) => {
    if (!isContainer(at) || !Object.hasOwn(at, Array.isArray(at) ? String(indexIn(at, key)) : key))
      throw new Error(`there is nothing at /${path.join('/')}`)
    return (at as Record<string, unknown>)[key]
  }, document)
}

/** A copy in which the container of `path` is changed by `change`. */
function edit(document: unknown, path: readonly string[], change: (container: Container, key: string) => void): unknown {
  const [key, ...rest] = path
  if (key === undefined || !isContainer(document)) throw new Error(`there is nothing to change at /${path.join('/')}`)
  const copy = Array.isArray(document) ? [...document] : { ...document }
  if (rest.length === 0) change(copy, key)
  else put(copy, key, edit(get(document, [key]), rest, change))
  return copy
}

const set = (document: unknown, path: readonly string[], value: unknown): unknown =>
  path.length === 0 ? value : edit(document, path, (container, key) => put(container, key, value))

const add = (document: unknown, path: readonly string[], value: unknown): unknown =>
  path.length === 0
    ? value
    : edit(document, path, (container, key) => {
        if (Array.isArray(container)) container.splice(key === '-' ? container.length : indexIn(container, key, container.length), 0, value)
        else put(container, key, value)
      })

function remove(document: unknown, path: readonly string[]): unknown {
  get(document, path)
  if (path.length === 0) return null
  return edit(document, path, (container, key) => {
    if (Array.isArray(container)) container.splice(indexIn(container, key), 1)
    else delete container[key]
  })
}

function put(container: Container, key: string, value: unknown): void {
  if (Array.isArray(container)) container[indexIn(container, key)] = value
  else setField(container, key, value)
}

function indexIn(array: readonly unknown[], key: string, last = array.length - 1): number {
  if (/^(0|[1-9]\d*)$/.test(key) && Number(key) <= last) return Number(key)
  throw new Error(`${JSON.stringify(key)} is no index of a list of ${array.length}`)
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  )
}

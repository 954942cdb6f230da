import { onTestFinished } from 'vitest'
import type { ChatOptions } from '../chat.ts'
import { chatTest, type ChatTest } from '../../test/chat-kit.ts'
import type { ChatWarning } from '../errors.ts'
import { settled } from '../../testing/index.ts'
import type { Page } from './page.ts'
import { persist, type PersistOptions } from './persist.ts'
import type { ChatStorage } from './storage.ts'

/** A synchronous storage, as `localStorage`, that notes what is done to it. */
export interface MemoryStorage extends ChatStorage {
  readonly items: Map<string, string>
  /** `set key`, `remove key`, in order. */
  readonly log: string[]
  /** Thrown by the method of that name while it is set. */
  readonly fails: Partial<Record<keyof ChatStorage, Error>>
  json(key: string): Record<string, unknown>
}

export function memoryStorage(content: Record<string, unknown> = {}): MemoryStorage {
  const items = new Map(Object.entries(content).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]))
  const log: string[] = []
  const fails: MemoryStorage['fails'] = {}
  const step = (method: keyof ChatStorage) => {
    if (fails[method]) throw fails[method]
  }
  return {
    items,
    log,
    fails,
    json: (key) => JSON.parse(items.get(key) ?? 'null') as Record<string, unknown>,
    getItem(key) {
      step('getItem')
      return items.get(key) ?? null
    },
    setItem(key, text) {
      log.push(`set ${key}`)
      step('setItem')
      items.set(key, text)
    },
    removeItem(key) {
      log.push(`remove ${key}`)
      step('removeItem')
      items.delete(key)
    },
  }
}

interface Call {
  method: keyof ChatStorage
  key: string
  text?: string
  /** Does it, and answers. */
  answer(): Promise<void>
  fail(error: Error): Promise<void>
}

/** An asynchronous storage that does nothing before the test says so. */
export function slowStorage(items = new Map<string, string>()) {
  const calls: Call[] = []
  const call =
    (method: keyof ChatStorage, work: (key: string, text: string) => unknown) =>
    (key: string, text = '') =>
      new Promise<never>((resolve, reject) => {
        calls.push({
          method,
          key,
          text,
          answer: () => (resolve(work(key, text) as never), settled()),
          fail: (error) => (reject(error), settled()),
        })
      })
  const storage: ChatStorage = {
    getItem: call('getItem', (key) => items.get(key) ?? null),
    setItem: call('setItem', (key, text) => items.set(key, text)),
    removeItem: call('removeItem', (key) => items.delete(key)),
  }
  return {
    storage,
    items,
    calls,
    /** Those that are writes, in order. */
    get writes() {
      return calls.filter(({ method }) => method !== 'getItem')
    },
  }
}

/** A page that a test hides. */
export function manualPage(): Page & { hide(): void; readonly heard: number } {
  const listeners = new Set<() => void>()
  return {
    onHide(leave) {
      listeners.add(leave)
      return () => listeners.delete(leave)
    },
    hide: () => listeners.forEach((leave) => leave()),
    get heard() {
      return listeners.size
    },
  }
}

export const KEY = 'statechat:t1'

export interface KeptTest extends ChatTest {
  warnings: ChatWarning[]
}

/** The chat of the thread `t1`, kept in a storage, shown. */
export async function keptChat(
  storage: ChatStorage,
  { persistence = {}, ...options }: Partial<ChatOptions> & { persistence?: Partial<PersistOptions> } = {},
): Promise<KeptTest> {
  const warnings: ChatWarning[] = []
  const test = chatTest({
    threadId: 't1',
    persist: persist({ storage, page: manualPage(), ...persistence }),
    onWarning: (warning) => warnings.push(warning),
    ...options,
  })
  onTestFinished(() => test.chat.dispose())
  test.chat.attach()
  await settled()
  return { ...test, warnings }
}

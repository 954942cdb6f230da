/**
 * Adds `chatMatchers` to vitest's `expect`, with their types. Import it in a setup file.
 *
 * @example
 * // vitest.config.ts
 * export default defineConfig({ test: { setupFiles: ['@statechat/core/testing/vitest'] } })
 */
import { expect } from 'vitest'
import { chatMatchers } from './matchers/chat-matchers.ts'
import type { ChatMatchers } from './matchers/matcher-types.ts'

declare module 'vitest' {
  interface Matchers<T = any> extends ChatMatchers {}
}

expect.extend(chatMatchers)

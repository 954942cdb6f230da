/**
 * Adds `chatMatchers` to jest's global `expect`, with their types, for `@jest/globals` as well. Import it in a setup file.
 * Throws where jest has no globals (`injectGlobals: false`); there it is `expect.extend(chatMatchers)`.
 *
 * @example
 * // jest.config.js
 * export default { setupFilesAfterEnv: ['@statechat/core/testing/jest'] }
 */
import type { BaseExpect } from 'expect'
import { chatMatchers } from './matchers/chat-matchers.ts'
import type { ChatMatchers } from './matchers/matcher-types.ts'

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends ChatMatchers<R> {}
}

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends ChatMatchers<R> {}
  }
}

const { expect } = globalThis as { expect?: BaseExpect }
if (!expect)
  throw new Error('There is no global `expect` to extend. Write `expect.extend(chatMatchers)`, with chatMatchers from @statechat/core/testing/jest.')
expect.extend(chatMatchers)

export { chatMatchers }

import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

afterEach(cleanup)

export { owned, textOf, timers, user } from '@statechat/conformance'

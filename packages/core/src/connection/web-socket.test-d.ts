import { WebSocket as NodeSocket } from 'ws'
import { webSocket } from './web-socket.ts'

// The WebSocket class of browsers, Deno, Bun and Node 22, and that of the ws package.
webSocket('/api/chat', { WebSocketImpl: globalThis.WebSocket })
webSocket(() => new URL('https://example.com'), { WebSocketImpl: NodeSocket, protocols: ['chat'] })
// @ts-expect-error A URL is no options object.
webSocket('/api/chat', 'wss://example.com')

export type { ServerSocket } from './socket.ts'
export { toWebSocketStream, type WebSocketHandler, type WebSocketRun, type WebSocketStreamOptions } from './to-web-socket-stream.ts'

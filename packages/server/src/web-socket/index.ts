export type { SocketAuthorize } from './logged-runs.ts'
export type { ServerSocket } from './socket.ts'
export { toWebSocketStream, type WebSocketHandler, type WebSocketRun, type WebSocketStreamOptions } from './to-web-socket-stream.ts'

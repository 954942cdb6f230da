import type { WebSocket as NodeSocket } from 'ws'
import { toWebSocketStream } from './index.ts'

declare const ofNode: NodeSocket
/** As Deno and Cloudflare give it. */
declare const ofTheWeb: globalThis.WebSocket
/** Without a measure of what is still to leave. */
declare const plain: { send(data: string): void; close(): void; addEventListener(type: string, listener: (event: { data: unknown }) => void): void }

toWebSocketStream(ofNode, ({ input }) => [{ type: 'RUN_STARTED', threadId: input.threadId, runId: input.runId }])
toWebSocketStream(ofTheWeb, async () => [])
toWebSocketStream(plain, () => [])
// @ts-expect-error A handler gives chunks.
toWebSocketStream(ofNode, () => 'Hello')

/** What is used of a server's socket: that of the `ws` package, Deno's, Cloudflare's, any WHATWG WebSocket. */
export interface ServerSocket {
  /** Bytes that have been sent but have not left. Without it there is no back-pressure. */
  readonly bufferedAmount?: number | undefined
  send(data: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close' | 'error', listener: () => void): void
}

import type { Socket } from 'node:net'

/** Tears a connection (RST). While its FIN is on its way a socket cannot be reset, and one that was told to would never close: it is reset after it. */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.once('finish', () => socket.resetAndDestroy())
  else socket.resetAndDestroy()
}

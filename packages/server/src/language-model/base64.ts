/** How many bytes become one string at a time: more would not fit on the stack. */
const PIECE = 0x8000

/** Base64 of bytes, wherever the Web's `btoa` is. */
export function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += PIECE) binary += String.fromCharCode(...bytes.subarray(at, at + PIECE))
  return btoa(binary)
}

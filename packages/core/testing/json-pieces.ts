/** The JSON of a value in pieces of `size` characters. */
export function jsonPieces(value: unknown, size: number): string[] {
  const json = JSON.stringify(value)
  if (size >= json.length) return [json]
  return Array.from({ length: Math.ceil(json.length / size) }, (_, i) => json.slice(i * size, (i + 1) * size))
}

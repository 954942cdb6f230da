/**
 * What a tool throws when the model and the client shall read why it failed. Of everything else that a tool throws they
 * are told no more than that it failed, since it may hold secrets.
 *
 * @example
 * ```ts
 * weather.server(({ city }) => {
 *   if (!known.has(city)) throw new ToolError(`No weather station in ${city}.`)
 *   return { celsius: 21 }
 * })
 * ```
 */
export class ToolError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ToolError'
  }
}

/** True for a {@link ToolError}, also one made by another copy of the library. */
export const isToolError = (value: unknown): value is ToolError => value instanceof Error && value.name === 'ToolError'

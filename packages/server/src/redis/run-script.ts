import { RunLogError } from '../run-log/run-log-error.ts'
import type { RedisClient } from './client.ts'
import { type ScriptName, scripts } from './scripts.ts'

export type Reply = readonly unknown[]
export type RunScript = (name: ScriptName, keys: readonly string[], args: readonly (string | number)[]) => Promise<Reply>

/** Runs scripts by their SHA-1; one that the server does not have (any more) is sent. */
export function scriptRunner(client: RedisClient): RunScript {
  const shas = new Map<ScriptName, Promise<string>>()
  return async (name, keys, args) => {
    const texts = args.map(String)
    const sha = shas.get(name) ?? sha1(scripts[name])
    shas.set(name, sha)
    try {
      const digest = await sha
      return (await client.evalSha(digest, keys, texts).catch((error: unknown) => {
        if (!isUnknownScript(error)) throw error
        return client.eval(scripts[name], keys, texts)
      })) as Reply
    } catch (cause) {
      throw new RunLogError('unavailable', `Redis did not do "${name}": ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }
}

const isUnknownScript = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOSCRIPT')

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

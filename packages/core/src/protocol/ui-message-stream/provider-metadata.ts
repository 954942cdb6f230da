import { isObject } from '../../json.ts'
import type { Metadata } from '../chunk.ts'
import type { ProviderMetadata } from './ai-sdk-message.ts'

/** Our entry in `providerMetadata`: what a part of ours holds and theirs has no field for. Providers read only their own entries. */
const OURS = 'statechat'

/**
 * `providerMetadata` of their part: what the provider said, and in our entry what else our part holds:
 * what is `sealed`, and the metadata that has not been `placed` in a field of its own.
 */
export function toProviderMetadata(
  metadata: Metadata | undefined,
  { placed, ...sealed }: { placed: readonly string[]; signature?: string | undefined; encryptedValue?: string | undefined },
): ProviderMetadata | undefined {
  const rest = Object.entries(metadata ?? {}).filter(([name]) => name !== 'providerMetadata' && name !== 'step' && !placed.includes(name))
  const ours = defined({ ...sealed, metadata: rest.length > 0 ? Object.fromEntries(rest) : undefined })
  const said = providerMetadataIn(metadata)
  return Object.keys(ours).length > 0 ? { ...said, [OURS]: ours } : said
}

/** What the provider said about a part. */
export function providerMetadataIn(metadata: Metadata | undefined): ProviderMetadata | undefined {
  const said = metadata?.['providerMetadata']
  return isObject(said) ? (said as ProviderMetadata) : undefined
}

/** The other way: the metadata of our part, with these fields, and what our entry held. */
export function fromProviderMetadata(
  said: ProviderMetadata | undefined,
  fields: Record<string, unknown> = {},
): { metadata?: Metadata; sealed: { signature?: string; encryptedValue?: string } } {
  const { [OURS]: ours, ...providers } = said ?? {}
  const rest = isObject(ours?.['metadata']) ? ours['metadata'] : undefined
  const known = said !== undefined && (ours === undefined || Object.keys(providers).length > 0) ? { providerMetadata: providers } : undefined
  const metadata = defined({ ...rest, ...known, ...fields })
  const { signature, encryptedValue } = ours ?? {}
  return {
    ...(Object.keys(metadata).length > 0 && { metadata }),
    sealed: {
      ...(typeof signature === 'string' && { signature }),
      ...(typeof encryptedValue === 'string' && { encryptedValue }),
    },
  }
}

/** The object without its undefined fields. */
export function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T
}

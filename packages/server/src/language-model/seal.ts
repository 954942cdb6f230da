import type { Metadata } from '@statechat/core/wire'
import { isObject } from '../shape.ts'
import type { ProviderData } from './model.ts'

/**
 * What a provider wants back with the next request: thought signatures, item ids, … It travels as AG-UI's `encryptedValue`,
 * which every client returns untouched, with the text, the thought or the tool call that it belongs to.
 */
export interface Seal {
  providerMetadata?: ProviderData | undefined
  /** The texts of which a message is made, in order: a provider may say something about each. */
  texts?: { length: number; providerMetadata?: ProviderData | undefined }[] | undefined
  /** The provider ran the tool itself. */
  providerExecuted?: boolean | undefined
  /** … and this came with the result. */
  result?: { providerMetadata?: ProviderData | undefined } | undefined
  /** The provider asked whether it may run the tool. */
  approvalId?: string | undefined
  /** Content of a kind that only the provider knows, in place of a thought. */
  kind?: string | undefined
}

export const seal = (value: Seal): string => JSON.stringify(value)

/** A seal that is not ours, as that of another adapter, says nothing. */
export function unseal(encryptedValue: string | undefined): Seal {
  const { providerMetadata, texts, providerExecuted, result, approvalId, kind } = parse(encryptedValue)
  return {
    providerMetadata: providerData(providerMetadata),
    texts: Array.isArray(texts) ? texts.flatMap(sealedText) : undefined,
    providerExecuted: providerExecuted === true,
    result: isObject(result) ? { providerMetadata: providerData(result['providerMetadata']) } : undefined,
    approvalId: typeof approvalId === 'string' ? approvalId : undefined,
    kind: typeof kind === 'string' ? kind : undefined,
  }
}

/** What a provider said, as other servers pass it on. */
export const saidIn = (metadata: Metadata | undefined): ProviderData | undefined => providerData(metadata?.['providerMetadata'])

/** What the application itself wants a provider to know about a message or a part, e.g. where its prompt cache ends. */
export const optionsIn = (metadata: Metadata | undefined): ProviderData | undefined => providerData(metadata?.['providerOptions'])

/** As a field of a prompt: the later wins, provider by provider. */
export function withOptions(...all: (ProviderData | undefined)[]): { providerOptions?: ProviderData } {
  const known = all.filter((options) => options !== undefined)
  return known.length === 0 ? {} : { providerOptions: Object.assign({}, ...known) }
}

function parse(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = text?.startsWith('{') ? JSON.parse(text) : undefined
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** It came from the client: providers trust its shape. */
const providerData = (value: unknown): ProviderData | undefined =>
  isObject(value) && Object.values(value).every(isObject) ? (value as ProviderData) : undefined

const sealedText = (value: unknown): NonNullable<Seal['texts']> =>
  isObject(value) && typeof value['length'] === 'number'
    ? [{ length: value['length'], providerMetadata: providerData(value['providerMetadata']) }]
    : []

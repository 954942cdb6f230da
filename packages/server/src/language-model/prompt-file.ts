import type { ContentPart } from '@statechat/core/wire'
import { ModelError } from '../model-error.ts'
import { base64 } from './base64.ts'
import { type DownloadOptions, download } from './download.ts'
import type { LanguageModel, SupportedUrls } from './model.ts'
import type { PromptFile } from './prompt-part.ts'
import { optionsIn, withOptions } from './seal.ts'

type Media = Exclude<ContentPart, { type: 'text' }>

/** Where the model finds a file. */
type Located = { mediaType: string } & ({ bytes: string } | { url: URL } | { id: string; provider: string })

export interface FileReader {
  /** A file of a message. Throws `unsupported_content` for one that the model cannot get. */
  promptFile(part: Media): Promise<PromptFile>
  /** A file of a tool's result. */
  outputFile(part: Media): Promise<object>
}

/** Files in the form of one model. */
export function fileReader(model: LanguageModel, options: DownloadOptions): FileReader {
  const { specificationVersion: version, provider } = model
  const name = provider.split('.')[0]!

  async function locate({ type, source }: Media): Promise<Located> {
    const mediaType = source.mimeType ?? DEFAULTS[type]
    if (source.type === 'file') return { mediaType, id: source.value, provider: source.provider ?? name }
    const inline = /^data:([^;,]*)[^,]*;base64,/i.exec(source.value)
    if (inline) return { mediaType: source.mimeType ?? (inline[1] || mediaType), bytes: source.value.slice(inline[0].length) }
    if (source.type === 'data') return { mediaType, bytes: source.value }
    const url = addressOf(source.value, provider)
    if (supports(await model.supportedUrls, mediaType, source.value)) return { mediaType, url }
    const file = await download(url, provider, options)
    return { mediaType: source.mimeType ?? file.mediaType ?? mediaType, bytes: base64(file.bytes) }
  }

  /** Before v4 a file id stands in place of the bytes, which only OpenAI's models understand. */
  function idOf({ id, provider: owner }: { id: string; provider: string }): string {
    if (owner === name && (name === 'openai' || name === 'azure')) return id
    throw new ModelError('unsupported_content', `${provider}: this model takes no file ids (of ${owner})`)
  }

  return {
    async promptFile(part) {
      const at = await locate(part)
      const filename = part.metadata?.['filename']
      return {
        type: 'file',
        mediaType: at.mediaType,
        data: version === 'v4' ? tagged(at) : 'bytes' in at ? at.bytes : 'url' in at ? at.url : idOf(at),
        ...(typeof filename === 'string' && { filename }),
        ...withOptions(optionsIn(part.metadata)),
      }
    },
    async outputFile(part) {
      const at = await locate(part)
      const { mediaType } = at
      if (version === 'v4') return { type: 'file', mediaType, data: tagged(at) }
      if ('bytes' in at) return { type: version === 'v3' ? 'file-data' : 'media', mediaType, data: at.bytes }
      if (version === 'v2') throw new ModelError('unsupported_content', `${provider}: this model takes files in tool results as bytes only`)
      if ('url' in at) return { type: 'file-url', mediaType, url: at.url.href }
      return { type: 'file-id', fileId: idOf(at) }
    },
  }
}

function addressOf(value: string, provider: string): URL {
  try {
    return new URL(value)
  } catch (cause) {
    throw new ModelError('unsupported_content', `${provider}: the address of a file is not valid`, { cause })
  }
}

/** Of files that nobody gave a type. A document is taken for what every provider reads. */
const DEFAULTS: Readonly<Record<Media['type'], string>> = { image: 'image/*', audio: 'audio/*', video: 'video/*', document: 'application/pdf' }

function tagged(at: Located): object {
  if ('bytes' in at) return { type: 'data', data: at.bytes }
  return 'url' in at ? { type: 'url', url: at.url } : { type: 'reference', reference: { [at.provider]: at.id } }
}

/** Whether the model fetches from this address itself. The patterns are meant for lower case. */
function supports(urls: SupportedUrls | undefined, mediaType: string, url: string): boolean {
  const matches = (pattern: string) => pattern === '*' || pattern === '*/*' || pattern === mediaType || pattern === mediaType.replace(/\/.*/, '/*')
  return Object.entries(urls ?? {}).some(([pattern, addresses]) => matches(pattern) && addresses.some((address) => address.test(url.toLowerCase())))
}

import type { ContentPart, Source, WireMessage } from '@statechat/core/wire'
import { describe, expect, it } from 'vitest'
import type { LanguageModelOptions } from './index.ts'
import type { CallOptions, LanguageModel } from './model.ts'
import { call, handMade, STOP } from './test-kit.ts'

type Media = Exclude<ContentPart, { type: 'text' }>
type Version = LanguageModel['specificationVersion']

interface Setup {
  version?: Version
  provider?: string
  options?: LanguageModelOptions
}

const URLS = { 'image/*': [/^https:\/\/images\.example\/a/], 'application/pdf': [/^https:/] }

/** The options of the call that a model gets for some messages. */
async function asked(messages: WireMessage[], { version = 'v4', provider = 'mock.chat', options }: Setup = {}): Promise<CallOptions> {
  let seen: CallOptions | undefined
  const model = handMade(version, [], {
    provider,
    supportedUrls: Promise.resolve(URLS),
    doStream: async (options) => {
      seen = options
      return { stream: new ReadableStream({ start: (controller) => (controller.enqueue(STOP), controller.close()) }) }
    },
  })
  await call(model, { messages }, options)
  return seen!
}

async function fileOf(part: Media, setup?: Setup): Promise<unknown> {
  const { prompt } = await asked([{ id: 'u', role: 'user', content: [part] }], setup)
  return (prompt[0] as { content: unknown[] }).content[0]
}

async function outputOf(part: Media, setup?: Setup): Promise<unknown> {
  const toolCalls = [{ id: 'c', type: 'function' as const, function: { name: 'f', arguments: '{}' } }]
  const content: ContentPart[] = [{ type: 'text', text: 'Here:' }, part]
  const { prompt } = await asked(
    [
      { id: 'a', role: 'assistant', toolCalls },
      { id: 't', role: 'tool', toolCallId: 'c', content },
    ],
    setup,
  )
  return (prompt[1] as { content: { output: unknown }[] }).content[0]!.output
}

const image = (source: Source): Media => ({ type: 'image', source })
const pdf = (source: Source): Media => ({ type: 'document', source })
const bytes: Source = { type: 'data', value: 'AA==', mimeType: 'image/png' }
const ours: Source = { type: 'url', value: 'https://images.example/A.png', mimeType: 'image/png' }
const theirs: Source = { type: 'url', value: 'https://elsewhere.example/a.png' }

describe('a file of a message', () => {
  it.each<[string, Media, object]>([
    ['in bytes', image(bytes), { mediaType: 'image/png', data: { type: 'data', data: 'AA==' } }],
    [
      'in a data: address',
      image({ type: 'url', value: 'data:image/webp;base64,AA==' }),
      { mediaType: 'image/webp', data: { type: 'data', data: 'AA==' } },
    ],
    [
      'in bytes that are a data: address',
      image({ type: 'data', value: 'data:image/webp;base64,AA==', mimeType: 'image/png' }),
      { mediaType: 'image/png', data: { type: 'data', data: 'AA==' } },
    ],
    ['at an address that the model reads', image(ours), { mediaType: 'image/png', data: { type: 'url', url: new URL(ours.value) } }],
    [
      'of a type that nobody gave',
      pdf({ type: 'url', value: 'https://x.example/a' }),
      { mediaType: 'application/pdf', data: { type: 'url', url: new URL('https://x.example/a') } },
    ],
    [
      'that was uploaded',
      pdf({ type: 'file', value: 'file-1' }),
      { mediaType: 'application/pdf', data: { type: 'reference', reference: { mock: 'file-1' } } },
    ],
    [
      'that was uploaded to another provider',
      pdf({ type: 'file', value: 'file-1', provider: 'acme' }),
      { mediaType: 'application/pdf', data: { type: 'reference', reference: { acme: 'file-1' } } },
    ],
  ])('%s is found', async (_where, part, expected) => {
    expect(await fileOf(part)).toEqual({ type: 'file', ...expected })
  })

  it('has its name, and the options that the application gives it', async () => {
    const metadata = { filename: 'a.png', providerOptions: { mock: { detail: 'low' } } }
    expect(await fileOf({ ...image(bytes), metadata })).toMatchObject({ filename: 'a.png', providerOptions: { mock: { detail: 'low' } } })
  })

  it.each<Version>(['v2', 'v3'])('is bare for a model of %s', async (version) => {
    expect(await fileOf(image(bytes), { version })).toEqual({ type: 'file', mediaType: 'image/png', data: 'AA==' })
    expect(await fileOf(image(ours), { version })).toEqual({ type: 'file', mediaType: 'image/png', data: new URL(ours.value) })
    const uploaded = pdf({ type: 'file', value: 'file-1' })
    expect(await fileOf(uploaded, { version, provider: 'openai.responses' })).toMatchObject({ data: 'file-1' })
    await expect(fileOf(uploaded, { version })).rejects.toMatchObject({ code: 'unsupported_content' })
  })

  it('at an address that is none is refused', async () => {
    await expect(fileOf(image({ type: 'url', value: 'nowhere' }))).rejects.toMatchObject({ code: 'unsupported_content' })
  })
})

describe('a file that the model does not fetch itself', () => {
  const answering = (body: BodyInit | null, init?: ResponseInit) => {
    const urls: string[] = []
    const fetch = async (url: string) => {
      urls.push(url)
      return new Response(body, init)
    }
    return { urls, fetch }
  }

  it('is refused, and the log says what to do', async () => {
    await expect(fileOf(image(theirs))).rejects.toMatchObject({ code: 'unsupported_content', message: expect.stringContaining('pass { fetch }') })
  })

  it('is downloaded with the function that the application gives', async () => {
    const { urls, fetch } = answering(new Uint8Array([0, 255]), { headers: { 'content-type': 'image/gif; x=y' } })
    expect(await fileOf(image(theirs), { options: { fetch } })).toEqual({
      type: 'file',
      mediaType: 'image/gif',
      data: { type: 'data', data: 'AP8=' },
    })
    expect(urls).toEqual([theirs.value])
  })

  it('keeps the type that it was sent with, or that its kind tells', async () => {
    const { fetch } = answering(new Uint8Array([0]), { headers: { 'content-type': 'text/html' } })
    expect(await fileOf(image({ ...theirs, mimeType: 'image/png' } as Source), { options: { fetch } })).toMatchObject({ mediaType: 'image/png' })
    const silent = answering(new Uint8Array([0])).fetch
    expect(await fileOf(image(theirs), { options: { fetch: silent } })).toMatchObject({ mediaType: 'image/*' })
  })

  it('may be as large as is allowed, and not a byte more', async () => {
    const { fetch } = answering(new Uint8Array(100_000))
    expect(await fileOf(image(theirs), { options: { fetch, maxFileBytes: 100_000 } })).toMatchObject({
      data: { data: expect.stringMatching(/^A{133332}/) },
    })
    await expect(fileOf(image(theirs), { options: { fetch, maxFileBytes: 99_999 } })).rejects.toMatchObject({ code: 'unsupported_content' })
  })

  it('is refused when its host does', async () => {
    const { fetch } = answering('no', { status: 404 })
    await expect(fileOf(image(theirs), { options: { fetch } })).rejects.toMatchObject({
      code: 'unsupported_content',
      message: expect.stringContaining('404'),
    })
  })

  it('is refused when its host cannot be reached', async () => {
    const cause = new TypeError('fetch failed')
    await expect(fileOf(image(theirs), { options: { fetch: () => Promise.reject(cause) } })).rejects.toMatchObject({
      code: 'unsupported_content',
      cause,
    })
  })

  it.each(['file:///etc/passwd', 'gs://bucket/a'])('is never read from %s', async (value) => {
    const { urls, fetch } = answering('x')
    await expect(fileOf(image({ type: 'url', value }), { options: { fetch } })).rejects.toMatchObject({ code: 'unsupported_content' })
    expect(urls).toEqual([])
  })
})

describe('a file in the result of a tool', () => {
  const text = { type: 'text', text: 'Here:' }

  it.each<[Version, Media, object]>([
    ['v4', image(bytes), { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AA==' } }],
    ['v4', image(ours), { type: 'file', mediaType: 'image/png', data: { type: 'url', url: new URL(ours.value) } }],
    ['v3', image(bytes), { type: 'file-data', mediaType: 'image/png', data: 'AA==' }],
    ['v3', image(ours), { type: 'file-url', mediaType: 'image/png', url: ours.value }],
    ['v2', image(bytes), { type: 'media', mediaType: 'image/png', data: 'AA==' }],
  ])('has the form of %s', async (version, part, expected) => {
    expect(await outputOf(part, { version })).toEqual({ type: 'content', value: [text, expected] })
  })

  it('is bytes in v2 alone', async () => {
    await expect(outputOf(image(ours), { version: 'v2' })).rejects.toMatchObject({ code: 'unsupported_content' })
  })

  it('by id is for OpenAI', async () => {
    const uploaded = image({ type: 'file', value: 'file-1' })
    expect(await outputOf(uploaded, { version: 'v3', provider: 'openai.responses' })).toEqual({
      type: 'content',
      value: [text, { type: 'file-id', fileId: 'file-1' }],
    })
  })
})

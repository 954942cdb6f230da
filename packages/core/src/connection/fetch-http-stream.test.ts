import { describe, expect, it } from 'vitest'
import type { ChatError } from '../errors.ts'
import { encodeNdjson } from '../framing/ndjson.ts'
import { fetchHttpStream } from './fetch-http-stream.ts'
import { ndjson, read, run, serve } from './test-kit.ts'

describe('fetchHttpStream', () => {
  it('reads a run from a real server and asks for NDJSON', async () => {
    let accept: string | undefined
    const url = await serve((request, response) => {
      accept = request.headers.accept
      ndjson(response, ...run('Grüße ', '👋'))
      response.end()
    })
    const reading = await read(fetchHttpStream(url))
    expect(reading.error).toBeUndefined()
    expect(reading.chunks).toEqual(run('Grüße ', '👋'))
    expect(accept).toBe('application/x-ndjson')
  })
  it('reads durable lines', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.end(
        run('x')
          .map((chunk, index) => encodeNdjson(chunk, String(index)))
          .join(''),
      )
    })
    expect((await read(fetchHttpStream(url))).chunks).toEqual(run('x'))
  })
  it('reads classic chunks', async () => {
    const url = await serve((_, response) => {
      ndjson(response, { type: 'content', id: 'c', delta: 'Hi' }, { type: 'done', finishReason: 'stop' })
      response.end()
    })
    expect(await read(fetchHttpStream(url))).toMatchObject({ text: 'Hi', warnings: [] })
  })
  it('11: an unterminated last line is truncated, and what came before it is kept', async () => {
    const url = await serve((_, response) => {
      ndjson(response, ...run('kept').slice(0, 3))
      response.end('{"type":"TEXT_MESS')
    })
    const reading = await read(fetchHttpStream(url))
    expect(reading.text).toBe('kept')
    expect(reading.error).toMatchObject({ code: 'truncated' })
  })
  it('12: JSON that is no stream is bad_response, with its body', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('{"error":"not here"}')
    })
    expect((await read(fetchHttpStream(url))).error).toMatchObject({ code: 'bad_response', status: 200, body: { error: 'not here' } })
  })
  it('12: an empty body is bad_response', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.end('\n\n')
    })
    expect((await read(fetchHttpStream(url))).error).toMatchObject({ code: 'bad_response' })
  })
  it('17: a malformed line is a protocol error that names it', async () => {
    const url = await serve((_, response) => {
      ndjson(response, run()[0])
      response.end('<html>\n')
    })
    const { error } = await read(fetchHttpStream(url))
    expect(error).toMatchObject({ code: 'protocol' })
    expect((error as ChatError).message).toBe('Frame 2 of the stream is not JSON: <html>')
  })
  it('takes an answer without a content type as what it was asked for', async () => {
    const url = await serve((_, response) => {
      response.end(
        run('x')
          .map((chunk) => encodeNdjson(chunk))
          .join(''),
      )
    })
    expect(await read(fetchHttpStream(url))).toMatchObject({ text: 'x' })
  })
  it('ends when the run is aborted', async () => {
    const controller = new AbortController()
    const url = await serve((_, response) => ndjson(response, run()[0]))
    const reading = await read(fetchHttpStream(url), { signal: controller.signal, onRead: () => controller.abort() })
    expect(reading.error).toBeUndefined()
    expect(reading.chunks).toHaveLength(1)
  })
})

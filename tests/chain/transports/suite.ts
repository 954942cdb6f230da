import { afterAll, describe, expect, it } from 'vitest'
import type { Client, Peer, PeerCall, Transport } from './peer.ts'

const started = (runId = 'run') => ({ type: 'RUN_STARTED', threadId: 't', runId })
const start = (id: string) => ({ type: 'TEXT_MESSAGE_START', messageId: id, role: 'assistant' })
const text = (id: string, delta: string) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId: id, delta })
const over = (id: string) => ({ type: 'TEXT_MESSAGE_END', messageId: id })
const finished = (runId = 'run') => ({ type: 'RUN_FINISHED', threadId: 't', runId, metadata: { finishReason: 'stop' } })

const runOf = (call: PeerCall): string => String(call.body['runId'])
const begin = (call: PeerCall, id: string, said: string) => call.say(started(runOf(call)), start(id), text(id, said))
function complete(call: PeerCall, id: string, said = ''): void {
  if (said !== '') call.say(text(id, said))
  call.say(over(id), finished(runOf(call)))
  call.end()
}
function answer(call: PeerCall, id: string, ...deltas: string[]): void {
  call.say(started(runOf(call)), start(id), ...deltas.map((delta) => text(id, delta)))
  complete(call, id)
}

/** Characters of one, two, three and four bytes. */
const ODD = 'a ö € 🎉.'

/** What every adapter has to get right, whatever brings its chunks. */
export function adapterSuite(transport: Transport): void {
  const { name, serve, cutWith, endsAtFinish = false, canEndEarly = false, mayBeEmpty = false, refusedWith, garbledWith, encode } = transport

  describe(`${name}`, () => {
    let passed = 0
    const point = (title: string, run: (peer: Peer, client: Client) => Promise<void>) =>
      it(`${title}`, async () => {
        const peer = await serve()
        await run(peer, await peer.client())
        await expect(peer.allClosed()).resolves.toBeUndefined()
        passed += 1
      })
    afterAll(() => console.info(`${name}: ${passed} points of the adapter suite hold`))

    point('brings a whole answer, for the request that was meant', async (peer, client) => {
      const turn = client.send('Hello')
      const call = await peer.next()
      expect(call.body).toMatchObject({ messages: [{ role: 'user', content: 'Hello' }], tools: [], state: {} })
      answer(call, 'm', 'Hi ', ODD)
      expect(await turn).toMatchObject({ outcome: 'finished', text: `Hi ${ODD}` })
      expect(await client.state()).toMatchObject({ openParts: [], warnings: 0 })
    })

    point('brings 2,000 chunks in order', async (peer, client) => {
      const turn = client.send('Hello')
      const call = await peer.next()
      const words = Array.from({ length: 2000 }, (_, i) => `${i} `)
      begin(call, 'm', '')
      for (const word of words) call.say(text('m', word))
      complete(call, 'm')
      expect(await turn).toMatchObject({ outcome: 'finished', text: words.join('') })
    })

    point('brings all of it to a reader that is slower than the server', async (peer, client) => {
      const turn = client.read('slow')
      const call = await peer.next()
      begin(call, 'm', '')
      for (let i = 0; i < 50; i++) {
        call.say(text('m', `${i} `))
        await new Promise(setImmediate)
      }
      complete(call, 'm')
      expect(await turn).toEqual({ outcome: 'finished', text: Array.from({ length: 50 }, (_, i) => `${i} `).join('') })
    })

    point('stopped in the tick of the send asks for nothing, and is ready for the next', async (peer, client) => {
      expect(await client.sendAndStop('Hello')).toMatchObject({ outcome: 'stopped' })
      const turn = client.send('Again')
      answer(await peer.next(), 'm', 'Hi')
      expect(await turn).toMatchObject({ outcome: 'finished', text: 'Hi' })
      expect(peer.count()).toBe(1)
    })

    point('stopped before the first byte leaves the run, and no message', async (peer, client) => {
      const turn = client.send('Hello')
      const call = await peer.next()
      await client.stop()
      await call.closed
      expect(await turn).toMatchObject({ outcome: 'stopped' })
      expect(await client.state()).toMatchObject({ status: 'stopped', messages: ['user: Hello'], warnings: 0 })
    })

    point('stopped in the middle leaves the run, and keeps what came', async (peer, client) => {
      const turn = client.send('Hello')
      const call = await peer.next()
      begin(call, 'm', 'So far')
      await client.untilSaid('So far')
      await client.stop()
      await call.closed
      expect(await turn).toMatchObject({ outcome: 'stopped', text: 'So far' })
      expect(await client.state()).toMatchObject({ status: 'stopped', openParts: [] })
    })

    point('stopped after the last chunk and before the end keeps the whole answer', async (peer, client) => {
      const turn = client.send('Hello')
      const call = await peer.next()
      begin(call, 'm', 'All')
      await client.untilSaid('All')
      call.say(over('m'), finished(runOf(call)))
      if (!endsAtFinish) await client.stop()
      await call.closed
      expect(['stopped', 'finished']).toContain((await turn).outcome)
      expect(await client.state()).toMatchObject({ messages: ['user: Hello', 'assistant: All'], openParts: [] })
    })

    point('hears nothing of a stopped run in the next one', async (peer, client) => {
      void client.send('Hello')
      const old = await peer.next()
      begin(old, 'old', 'old')
      await client.untilSaid('old')
      await client.stop()
      const turn = client.send('Again')
      const call = await peer.next()
      try {
        old.say(text('old', ' and older'))
      } catch {} // it is gone
      begin(call, 'new', 'new')
      complete(call, 'new')
      expect(await turn).toMatchObject({ outcome: 'finished', text: 'new' })
      expect((await client.state()).messages).toEqual(['user: Hello', 'assistant: old', 'user: Again', 'assistant: new'])
    })

    if (canEndEarly) {
      point('that ends before it is finished is truncated, and keeps what came', async (peer, client) => {
        const turn = client.send('Hello')
        const call = await peer.next()
        begin(call, 'm', 'So far')
        call.end()
        expect(await turn).toMatchObject({ outcome: 'failed', text: 'So far', error: { code: 'truncated', retryable: true } })
        expect((await client.state()).openParts).toEqual([])
      })
    }

    if (canEndEarly && !mayBeEmpty) {
      point('that ends with nothing in it is no answer', async (peer, client) => {
        const turn = client.send('Hello')
        const call = await peer.next()
        call.end()
        expect(await turn).toMatchObject({ outcome: 'failed', error: { code: 'bad_response' } })
        expect((await client.state()).messages).toEqual(['user: Hello'])
      })
    }

    if (cutWith) {
      point('that breaks before anything came can be retried, and leaves no message', async (peer, client) => {
        const turn = client.send('Hello')
        const call = await peer.next()
        call.cut()
        expect(await turn).toMatchObject({ outcome: 'failed', error: { code: cutWith[0], retryable: true } })
        expect((await client.state()).messages).toEqual(['user: Hello'])
        const again = client.retry()
        answer(await peer.next(), 'm', 'Hi')
        expect(await again).toMatchObject({ outcome: 'finished', text: 'Hi' })
      })

      point('that breaks in the middle keeps what came, and can be retried', async (peer, client) => {
        const turn = client.send('Hello')
        const call = await peer.next()
        begin(call, 'm', 'So far')
        await client.untilSaid('So far')
        call.cut()
        expect(await turn).toMatchObject({ outcome: 'failed', text: 'So far', error: { code: cutWith[1], retryable: true } })
        const again = client.retry()
        answer(await peer.next(), 'm2', 'So far and on')
        expect(await again).toMatchObject({ outcome: 'finished', text: 'So far and on' })
        expect((await client.state()).openParts).toEqual([])
      })
    }

    it.each([
      [401, false, undefined],
      [404, false, undefined],
      [429, true, 7],
      [500, true, undefined],
      [503, true, undefined],
    ] as const)('refused with %i says so, and whether to ask again', async (status, retryable, retryAfter) => {
      const peer = await serve()
      const client = await peer.client()
      const turn = client.send('Hello')
      const call = await peer.next()
      call.refuse({ status, message: 'not like this', ...(retryAfter !== undefined && { retryAfter }) })
      const { outcome, error } = await turn
      expect(outcome).toBe('failed')
      if (refusedWith) expect(error?.code).toBe(refusedWith)
      else expect(error).toMatchObject({ code: 'http', status, retryable, ...(retryAfter !== undefined && { retryAfter: retryAfter * 1000 }) })
      await peer.allClosed()
      passed += 1
    })

    point('that sends garbage fails, keeps what came, and leaves the run', async (peer, client) => {
      const turn = client.send('Hello')
      const call = await peer.next()
      begin(call, 'm', 'So far')
      await client.untilSaid('So far')
      call.garble()
      expect(await turn).toMatchObject({ outcome: 'failed', text: 'So far', error: { code: garbledWith } })
      await call.closed
    })

    point('serves two runs one after another', async (peer, client) => {
      for (const said of ['One', 'Two']) {
        const turn = client.send(said)
        answer(await peer.next(), said, `${said}!`)
        expect(await turn).toMatchObject({ outcome: 'finished', text: `${said}!` })
      }
    })

    point('serves two chats at once, and stops one without the other', async (peer, first) => {
      const second = await peer.client()
      const turns = [first.send('One')]
      const one = await peer.next()
      turns.push(second.send('Two'))
      const two = await peer.next()
      begin(one, 'one', 'A')
      begin(two, 'two', 'B')
      one.say(text('one', 'a'))
      two.say(text('two', 'b'))
      await first.untilSaid('Aa')
      await second.untilSaid('Bb')
      await first.stop()
      complete(two, 'two', '!')
      expect(await Promise.all(turns)).toMatchObject([
        { outcome: 'stopped', text: 'Aa' },
        { outcome: 'finished', text: 'Bb!' },
      ])
    })

    if (encode) {
      const wire = Buffer.from([started('r'), text('m', ODD), finished('r')].map(encode).join(''))

      point('reads the same at every byte split', async (peer, client) => {
        for (let at = 1; at < wire.length; at++) {
          const turn = client.read()
          const call = await peer.next()
          await call.raw(wire.subarray(0, at))
          await call.raw(wire.subarray(at))
          call.end()
          expect(await turn, `split at ${at}`).toEqual({ outcome: 'finished', text: ODD })
        }
      })

      point('reads the same byte by byte', async (peer, client) => {
        const turn = client.read()
        const call = await peer.next()
        for (const byte of wire) await call.raw(Uint8Array.of(byte))
        call.end()
        expect(await turn).toEqual({ outcome: 'finished', text: ODD })
      })

      point('never takes an answer for whole that is cut, at whatever byte', async (peer, client) => {
        const last = wire.length - encode(finished('r')).trimEnd().length
        for (let at = 0; at < wire.length; at++) {
          const turn = client.read()
          const call = await peer.next()
          await call.raw(wire.subarray(0, at))
          call.cut()
          const { outcome, text: came, error } = await turn
          expect(ODD.startsWith(came)).toBe(true)
          if (at < last) expect(outcome, `cut at ${at}`).toBe('failed')
          if (outcome === 'failed') expect(['network', 'truncated']).toContain(error?.code)
        }
      })
    }
  })
}

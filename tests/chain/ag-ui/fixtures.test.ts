import { HttpAgent } from '@ag-ui/client'
import { AGUIMock } from '@copilotkit/aimock/agui'
import { agUi, type AgUiOptions, type Connection, fetchHttpStream, fetchServerSentEvents } from '@statechat/core'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { addressOf, bodyOf, listen } from '../support/serve.ts'
import { open, openParts, until } from '../support/session.ts'
import { type Digest, digestOfChat, digestOfPeer } from './digest.ts'
import { type Fixture, QUESTION, type Shown } from './fixtures/fixture.ts'
import { fixtures } from './fixtures/index.ts'
import { show } from './show.ts'

const all = Object.values(fixtures).flat()
const valid = all.filter(({ strict }) => strict === 'ok')
/** Those that the SDK's own client is asked about, too. */
const asked = valid.filter(({ peer, events }) => peer === undefined && events.every((event) => typeof event === 'object'))
/** aimock sends objects; what is no JSON or no object is for a server that writes what it is given. */
const isForMock = ({ events }: Fixture) => events.every((event) => typeof event === 'object')

const mock = new AGUIMock({ port: 0 })
/** The same streams by hand: server-sent events, or one JSON value per line for those who ask for it. */
const byHand = createServer(async (request, response) => {
  const { threadId } = await bodyOf(request)
  const events = all.find(({ name }) => name === threadId)!.events
  const isLines = request.headers.accept?.includes('ndjson') ?? false
  response.writeHead(200, { 'content-type': isLines ? 'application/x-ndjson' : 'text/event-stream' })
  for (const event of events) {
    const data = typeof event === 'string' ? event : JSON.stringify(event)
    response.write(isLines ? `${data}\n` : `data: ${data}\n\n`)
  }
  response.end()
})

beforeAll(async () => {
  for (const fixture of all.filter(isForMock)) mock.onPredicate(({ threadId }) => threadId === fixture.name, fixture.events as never)
  await mock.start()
  await listen(byHand)
})
afterAll(async () => {
  await mock.stop()
  byHand.closeAllConnections()
  byHand.close()
})

const urlOf = (fixture: Fixture) => (isForMock(fixture) ? mock.url : addressOf(byHand))
const overSse = (fixture: Fixture, profile: AgUiOptions['profile']) => fetchServerSentEvents(urlOf(fixture), { protocol: agUi({ profile }) })

async function ask(fixture: Fixture, connection: Connection) {
  const { name, before, initialState } = fixture
  const session = open({
    connection,
    threadId: name,
    ...(before && { initialMessages: before }),
    ...(initialState !== undefined && { initialState }),
  })
  const turn = session.chat.append({ id: QUESTION.id, role: 'user', parts: [{ type: 'text', content: QUESTION.content }] })
  const waits = until(session.chat, ({ phase }) => phase === 'local').then(() => ({ outcome: 'waiting', error: undefined }) as const)
  const { outcome, error } = await Promise.race([turn, waits])
  return { ...session, outcome, error, messages: session.chat.messages.get() }
}
type Asked = Awaited<ReturnType<typeof ask>>

function expectShown({ chat, outcome, error, warnings, messages }: Asked, shown: Shown) {
  expect(show(messages)).toEqual(shown.all ? shown.transcript : ['user: "Hello"', ...shown.transcript])
  expect(outcome).toBe(shown.outcome ?? 'finished')
  expect(error?.code).toBe(shown.errorCode)
  expect(warnings.map(({ code }) => code)).toEqual(shown.warnings ?? [])
  if ('state' in shown) expect(chat.getSnapshot().state).toEqual(shown.state)
  expect(openParts(chat)).toEqual([])
}

describe('the fixtures', () => {
  it(`are ${all.length}: ${valid.length} streams that keep a rule, ${all.length - valid.length} that break one`, () => {
    console.info(`AG-UI: ${all.length} fixtures on ${Object.keys(fixtures).length} pages, ${asked.length} of them also asked of the SDK's client.`)
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    expect(all.length).toBeGreaterThan(200)
  })
})

describe.each(Object.entries(fixtures))('%s', (_page, of) => {
  it.each(of)('$name', async (fixture) => {
    expectShown(await ask(fixture, overSse(fixture, 'tolerant')), fixture.tolerant)

    const strict = await ask(fixture, overSse(fixture, 'strict'))
    if (fixture.strict === 'ok') return expectShown(strict, fixture.tolerant)
    expect(strict).toMatchObject({ outcome: 'failed', error: { code: 'protocol', message: expect.stringMatching(fixture.strict) as string } })
    expect(strict.chat.status.get()).toBe('error')
    expect(openParts(strict.chat)).toEqual([])
  })
})

describe('over newline-delimited JSON', () => {
  it.each(all.filter((_, at) => at % 4 === 0))('the same is shown: $name', async (fixture) => {
    expectShown(await ask(fixture, fetchHttpStream(addressOf(byHand))), fixture.tolerant)
  })
})

describe('without checks (profile off)', () => {
  it.each(valid)('what keeps the rules is the same: $name', async (fixture) => {
    expectShown(await ask(fixture, overSse(fixture, 'off')), fixture.tolerant)
  })
})

describe('the client of the SDK', () => {
  beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
  afterAll(() => void vi.restoreAllMocks())
  it.each(asked)('understands the same: $name', async (fixture) => {
    const chat = await ask(fixture, overSse(fixture, 'tolerant'))
    const peer = await askPeer(fixture)
    expect(digestOfChat(chat.messages)).toEqual(peer.digest)
    if ('state' in fixture.tolerant) expect(peer.state).toEqual(fixture.tolerant.state)
  })

  async function askPeer({ name, before = [], initialState, ...fixture }: Fixture): Promise<{ digest: Digest; state: unknown }> {
    const history = before.map(({ id, role, parts }) => ({
      id,
      role,
      content: parts.map((part) => (part.type === 'text' ? part.content : '')).join(''),
    }))
    const agent = new HttpAgent({
      url: urlOf({ name, ...fixture }),
      threadId: name,
      initialMessages: [...history, QUESTION] as never,
      ...(initialState !== undefined && { initialState: initialState as never }),
    })
    await agent.runAgent()
    return { digest: digestOfPeer(agent.messages), state: agent.state as unknown }
  }
})

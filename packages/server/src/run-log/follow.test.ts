import { expect, it, vi } from 'vitest'
import { started } from '../../test/support/by-hand.ts'
import { timedLog } from '../../test/support/timed-log.ts'
import { follow } from './follow.ts'
import { RunLogError } from './run-log-error.ts'
import type { RunLog } from './run-log.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))
const claimed = async () => {
  const timed = timedLog()
  await timed.log.claim({ runId: 'r', threadId: 't' })
  return timed
}
const read = ({ log, clock }: Pick<Awaited<ReturnType<typeof claimed>>, 'log' | 'clock'>, signal = new AbortController().signal) =>
  follow({ log, runId: 'r', afterSeq: 0, signal, clock })

it.each(['aborts its signal', 'is left'])('a reader that %s while it waits leaves nothing behind', async (how) => {
  const timed = await claimed()
  const controller = new AbortController()
  const add = vi.spyOn(controller.signal, 'addEventListener')
  const remove = vi.spyOn(controller.signal, 'removeEventListener')
  await timed.log.append('r', 1, 1, [JSON.stringify(started())])
  const readers = Array.from({ length: 8 }, () => read(timed, controller.signal))
  await Promise.all(readers.map((reader) => reader.next()))
  if (how === 'aborts its signal') {
    const waiting = readers.map((reader) => reader.next())
    await turn()
    expect(timed.clock.pending()).toBe(8)
    expect((await timed.log.status('r'))!.unreadMs).toBe(0)
    controller.abort()
    for (const last of await Promise.all(waiting)) expect(last.done).toBe(true)
  } else await Promise.all(readers.map((reader) => reader.return()))
  await turn()
  timed.pass(1)
  expect((await timed.log.status('r'))!.unreadMs).toBe(1)
  expect(timed.clock.pending()).toBe(0)
  expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([8, 8])
})

it('a producer that renews is left alone, however long it is silent', async () => {
  const timed = await claimed()
  const next = read(timed).next()
  await turn()
  for (let left = 30; left > 0; left--) {
    await timed.log.renew('r', 1)
    timed.pass(5000)
    await turn()
  }
  await timed.log.append('r', 1, 1, [JSON.stringify(started())])
  expect((await next).value).toMatchObject([{ epoch: 1, seq: 1 }])
})

it('the look at a silent producer is repeated while the log cannot be reached', async () => {
  const timed = await claimed()
  let fails = 2
  const log: RunLog = {
    ...timed.log,
    status: (runId) => (fails-- > 0 ? Promise.reject(new RunLogError('unavailable', 'no')) : timed.log.status(runId)),
  }
  const next = read({ ...timed, log }).next()
  await turn()
  for (let looks = 0; looks < 3; looks++) {
    timed.pass(15_000)
    await turn()
  }
  expect((await next).value).toMatchObject([{ epoch: 2, seq: 1, data: expect.stringContaining('producer_lost') }])
})

it('a run whose producer died in the middle of another library’s loop is not whole', async () => {
  const timed = await claimed()
  await timed.log.append('r', 1, 1, [JSON.stringify({ type: 'RUN_FINISHED', threadId: 't', runId: 'r', metadata: { finishReason: 'tool_calls' } })])
  const reader = read(timed)
  await reader.next()
  const next = reader.next()
  await turn()
  timed.pass(15_000)
  expect((await next).value).toMatchObject([{ data: expect.stringContaining('producer_lost') }])
})

it('a log that forgets the run fails its readers', async () => {
  const timed = await claimed()
  const reader = read({ ...timed, log: { ...timed.log, status: async () => null } })
  const next = reader.next()
  await turn()
  timed.pass(15_000)
  await expect(next).rejects.toMatchObject({ code: 'expired' })
})

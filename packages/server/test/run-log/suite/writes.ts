import { expect, it } from 'vitest'
import { type Current, events, expectCode, logged, readAll, RUN } from './log-under-test.ts'

const { runId } = RUN

export function writeTests(current: Current): void {
  it('events are numbered from 1 and read as they were written', async () => {
    const { log } = current()
    await log.claim(RUN)
    const texts = ['{"n":1}', '"\u2028 🦊 ü \\n"', ' [ 1 ] ', 'null', '"{}"']
    await log.append(runId, 1, 1, texts.slice(0, 2))
    await log.append(runId, 1, 3, texts.slice(2))
    await log.close(runId, 1, 'finished')
    expect(await readAll(log, runId)).toEqual(texts.map((data, i) => ({ epoch: 1, seq: i + 1, data })))
  })

  it('an append that is sent again adds only what is new', async () => {
    const { log } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 3))
    await log.append(runId, 1, 1, events(1, 3))
    await log.append(runId, 1, 2, ['"other"'])
    expect(await log.status(runId)).toMatchObject({ tail: 3 })
    await log.append(runId, 1, 2, events(2, 5))
    await log.close(runId, 1, 'finished')
    expect(await readAll(log, runId)).toEqual(logged(1, 1, 5))
  })

  it('the same append twice at once adds once', async () => {
    const { log, second } = current()
    await log.claim(RUN)
    await Promise.all([log, second, log].map((each) => each.append(runId, 1, 1, events(1, 3))))
    await log.close(runId, 1, 'finished')
    expect(await readAll(log, runId)).toEqual(logged(1, 1, 3))
  })

  it('an append that would leave a gap is refused, and nothing of it is kept', async () => {
    const { log } = current()
    await log.claim(RUN)
    await expectCode(log.append(runId, 1, 2, events(2, 3)), 'gap')
    await log.append(runId, 1, 1, events(1, 2))
    await expectCode(log.append(runId, 1, 4, events(4, 4)), 'gap')
    expect(await log.status(runId)).toMatchObject({ tail: 2 })
  })

  it('an empty append is one', async () => {
    const { log } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, [])
    expect(await log.status(runId)).toMatchObject({ tail: 0 })
    await log.append(runId, 1, 1, events(1, 1))
    await log.append(runId, 1, 2, [])
    expect(await log.status(runId)).toMatchObject({ tail: 1 })
  })

  it('an event of a megabyte is kept whole', async () => {
    const { log } = current()
    await log.claim(RUN)
    const data = JSON.stringify('ü🦊x'.repeat(150_000))
    expect(Buffer.byteLength(data)).toBeGreaterThan(1_000_000)
    await log.append(runId, 1, 1, [data])
    await log.close(runId, 1, 'finished')
    const read = await readAll(log, runId)
    expect(read.length).toBe(1)
    expect(read[0]?.data === data).toBe(true)
  })

  it('nobody writes to a run that was not claimed', async () => {
    const { log } = current()
    await expectCode(log.append(runId, 1, 1, events(1, 1)), 'unknown_run')
    await expectCode(log.renew(runId, 1), 'unknown_run')
    await expectCode(log.close(runId, 1, 'finished'), 'unknown_run')
    expect(await log.status(runId)).toBeNull()
  })

  it('nobody writes in an epoch that is not the current one', async () => {
    const { log } = current()
    await log.claim(RUN)
    for (const epoch of [0, 2]) {
      await expectCode(log.append(runId, epoch, 1, events(1, 1)), 'fenced')
      await expectCode(log.renew(runId, epoch), 'fenced')
      await expectCode(log.close(runId, epoch, 'finished'), 'fenced')
    }
    expect(await log.status(runId)).toMatchObject({ tail: 0, status: 'open', epoch: 1 })
  })

  it('nothing is added to a run that has ended', async () => {
    const { log } = current()
    await log.claim(RUN)
    await log.append(runId, 1, 1, events(1, 1))
    await log.close(runId, 1, 'finished')
    await expectCode(log.append(runId, 1, 2, events(2, 2)), 'closed')
    await expectCode(log.renew(runId, 1), 'closed')
    expect(await readAll(log, runId)).toEqual(logged(1, 1, 1))
  })

  it('a run keeps the end it came to first', async () => {
    const { log } = current()
    await log.claim(RUN)
    await log.close(runId, 1, 'error')
    await log.close(runId, 1, 'finished')
    await log.close(runId, 1, 'cancelled')
    expect(await log.status(runId)).toMatchObject({ status: 'error', tail: 0 })
    expect(await readAll(log, runId)).toEqual([])
  })

  it('a producer that renews, or appends, is there', async () => {
    const { log, lapse } = current()
    const isLeaseValid = async () => (await log.status(runId))?.isLeaseValid
    await log.claim(RUN)
    expect(await isLeaseValid()).toBe(true)
    await lapse(runId)
    expect(await isLeaseValid()).toBe(false)
    await log.renew(runId, 1)
    expect(await isLeaseValid()).toBe(true)
    await lapse(runId)
    expect(await isLeaseValid()).toBe(false)
    await log.append(runId, 1, 1, events(1, 1))
    expect(await isLeaseValid()).toBe(true)
  })
}

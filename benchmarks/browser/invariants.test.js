/** What the benchmark relies on, without looking at a clock: every framework renders what has changed, once a frame. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { buildPages } from './build.js'
import { launch } from './chromium.js'
import { contestants } from './contestants.js'
import { sample } from './sample.js'
import { serve } from './serve.js'

const EARLIER = 60
const all = contestants({ names: ['statechat'] })
let folder
let server
let browser

beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production')
  folder = await mkdtemp(join(tmpdir(), 'statechat-browser-'))
  await buildPages(all, folder)
  server = await serve(folder)
  browser = await launch()
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  await rm(folder, { recursive: true, force: true })
  vi.unstubAllEnvs()
})

const take = (one, asked) => sample({ browser, url: server.url }, one, { earlier: EARLIER, deltas: 300, ...asked })

describe.for(all.filter(({ name }) => name === 'statechat'))('$framework, while an answer streams', (one) => {
  test.for(['blocks', 'events', 'paced'])('renders no finished row again, and keeps every element (%s)', async (shape) => {
    const { finishedRows, finishedRenders, keepsRows } = await take(one, { shape })
    expect({ finishedRows, finishedRenders, keepsRows }).toEqual({ finishedRows: EARLIER + 3, finishedRenders: 0, keepsRows: true })
  })
  test('publishes at most one snapshot in a frame, and more than one in all', async () => {
    const { snapshots, updates } = await take(one, { shape: 'paced' })
    expect(snapshots.most).toBe(1)
    expect(snapshots.all).toBeGreaterThan(1)
    // The frame in which the answer ends may show a change of status besides.
    expect(updates.all).toBeLessThanOrEqual(updates.frames + 2)
  })
})

test('the page by hand shows what was sent, too', async () => {
  const { keepsRows } = await take(
    all.find(({ name }) => name === 'floor'),
    { shape: 'paced' },
  )
  expect(keepsRows).toBe(true)
})

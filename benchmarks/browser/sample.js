import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds between two clicks: no multiple of a frame, so that they meet it everywhere. */
const CLICK_EVERY = 113

/**
 * One measurement on a page of its own. `asked` is what the page is asked for (see `pages/shared/asked.js`); `profile`
 * is given the protocol session and the measurement to run. Adds `busyMs`: the main thread at work, in
 * milliseconds of CPU, which a busy machine does not stretch.
 * Throws if the page does not show the text that was sent, or has logged an error.
 */
export async function sample({ browser, url, profile = (_cdp, run) => run() }, { id, query }, asked) {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } })
  try {
    const page = await context.newPage()
    const problems = []
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    await page.goto(`${url}${id}?${new URLSearchParams({ ...asked, ...query })}`)
    await page.waitForFunction(() => globalThis.bench?.isReady())
    const cdp = await context.newCDPSession(page)
    // Before the page warms up: it throws compiled code away, too.
    await cdp.send('HeapProfiler.collectGarbage')
    await page.evaluate(() => globalThis.bench.prepare())
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    const button = middleOf(await page.locator('#urgent').boundingBox())
    const before = await busyMs(cdp)
    const times = await profile(cdp, () => measure(page, cdp, { shape: asked.shape, button }))
    const after = await busyMs(cdp)
    const seen = await page.evaluate(() => globalThis.bench.seen())
    if (problems.length > 0) throw new Error(problems[0])
    return { ...times, ...seen, busyMs: after - before }
  } catch (error) {
    throw new Error(`${id} ${JSON.stringify(asked)}: ${error.message}`, { cause: error })
  } finally {
    await context.close()
  }
}

async function busyMs(cdp) {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1000
}

const middleOf = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 })

/** Clicks while a paced answer streams. Asked for through the protocol itself, because what wraps it is work for the page, too. */
async function measure(page, cdp, { shape, button }) {
  const over = new AbortController()
  const evaluated = cdp.send('Runtime.evaluate', { expression: 'bench.measure()', awaitPromise: true, returnByValue: true })
  const clicked = shape === 'paced' ? clickUntil(over.signal, page.mouse, button) : undefined
  const { result, exceptionDetails } = await evaluated.finally(() => over.abort())
  await clicked
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
  return result.value
}

async function clickUntil(signal, mouse, { x, y }) {
  for (await sleep(CLICK_EVERY); !signal.aborted; await sleep(CLICK_EVERY)) await mouse.click(x, y)
}

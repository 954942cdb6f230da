import type { BrowserContext, Page } from 'playwright-core'

/** A tab at `url` that runs `script`, and what its `open(threadId)` gave as `tab`. Web Locks and channels want a page with an origin. */
export async function openTab(context: BrowserContext, { url, script, threadId }: { url: string; script: string; threadId: string }): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await page.addScriptTag({ content: script })
  await page.evaluate(
    (thread) => void Object.assign(globalThis, { tab: (globalThis as unknown as { open(id: string): unknown }).open(thread) }),
    threadId,
  )
  return page
}

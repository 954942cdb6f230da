import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/**
 * Types a message into the playground's page, sends it, and waits until it is shown as said or as waiting.
 * Only then does an idle machine mean that the answer is over, and not that the key is yet to be handled.
 */
export async function ask(page: Page, question: string): Promise<void> {
  const said = page.locator('article.user, .queue li')
  const before = await said.count()
  const field = page.getByRole('textbox', { name: 'Message', exact: true })
  await field.fill(question)
  await field.press('Enter')
  await expect.poll(() => said.count()).toBeGreaterThan(before)
}

/** Until the machine rests: one that still reads what was stored is idle too, and what was sent waits for it. */
export const idle = (page: Page): Promise<void> => page.locator('.machine[data-status=idle][data-phase=ready]').waitFor()

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPages } from './build.js'
import { launch } from './chromium.js'
import { serve } from './serve.js'

/** Builds the pages, serves them, starts Chromium, and ends all of it whatever `run` does. It is given `{ browser, url }`. */
export async function withPages(contestants, run, options = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'statechat-browser-'))
  const end = [() => rmSync(folder, { recursive: true, force: true })]
  try {
    await buildPages(contestants, folder, options)
    const server = await serve(folder)
    end.unshift(() => server.close())
    const browser = await launch()
    end.unshift(() => browser.close())
    return await run({ browser, url: server.url })
  } finally {
    for (const one of end) await one()
  }
}

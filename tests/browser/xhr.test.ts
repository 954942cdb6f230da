import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { httpPeer, NDJSON, SSE } from '../chain/transports/http-peer.ts'
import type { Client } from '../chain/transports/peer.ts'
import { adapterSuite } from '../chain/transports/suite.ts'
import { bundlePage } from './bundle-page.ts'
import { launch } from './chromium.ts'
import type { Bench, Connector } from './xhr/page.ts'

declare const bench: Bench

let browser: Browser
let page: Page

beforeAll(async () => {
  browser = await launch()
  page = await browser.newPage()
  await page.addScriptTag({ content: await bundlePage('xhr/page.ts') })
})
afterAll(() => browser?.close())

/** A client in the page: another origin than the server's. */
const inPage = (name: Connector) => async (url: string) => {
  const number = await page.evaluate(([name, url]) => bench.open(name, url), [name, url] as const)
  const call =
    <K extends keyof Client>(method: K) =>
    (...args: Parameters<Client[K]>) =>
      page.evaluate(([number, method, args]) => (bench.clients[number]![method] as (...args: unknown[]) => Promise<unknown>)(...args), [
        number,
        method,
        args,
      ] as const)
  const methods = ['send', 'retry', 'sendAndStop', 'stop', 'untilSaid', 'state', 'read'] as const
  return Object.fromEntries(methods.map((method) => [method, call(method)])) as unknown as Client
}

const http = { canEndEarly: true, garbledWith: 'protocol', cutWith: ['network', 'truncated'] } as const

adapterSuite({ ...http, name: 'xhrServerSentEvents', encode: SSE.encode, serve: () => httpPeer(SSE, inPage('xhrServerSentEvents')) })
adapterSuite({ ...http, name: 'xhrHttpStream', encode: NDJSON.encode, serve: () => httpPeer(NDJSON, inPage('xhrHttpStream')) })

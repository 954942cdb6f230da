import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'

interface RunInput {
  threadId: string
  runId: string
  resume?: unknown
}

/** One run of the agent, as the test plays it. */
interface AgentRun {
  /** What the page sent, as far as it matters. */
  input: RunInput
  write(...events: object[]): void
  /** Says that the run is over; `outcome` as AG-UI has it. */
  finish(outcome?: object): void
}

export interface Agent {
  /** The run that the next request of the page begins. */
  next(): Promise<AgentRun>
  stop(): void
}

/** An AG-UI server whose words are the test's, in the place of the playground's own: for what a chat server never asks and says. */
export async function playAgent(page: Page): Promise<Agent> {
  const waiting: ((run: AgentRun) => void)[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const input = JSON.parse(Buffer.concat(parts).toString()) as RunInput
    const { threadId, runId } = input
    const write = (...events: object[]) => void response.write(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    write({ type: 'RUN_STARTED', threadId, runId })
    waiting.shift()?.({
      input,
      write,
      finish(outcome = { type: 'success' }) {
        write({ type: 'RUN_FINISHED', threadId, runId, outcome })
        response.end()
      },
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await page.route('**/api/chat', (route) => route.continue({ url: `http://127.0.0.1:${port}/` }))
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

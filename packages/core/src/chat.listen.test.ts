import { describe, expect, it } from 'vitest'
import { createChat } from './create-chat.ts'
import { manualConnection, manualScheduler, run, scriptedConnection, settled, text } from '../testing/index.ts'

describe('a chat that is only read message by message', () => {
  it('is shown once per frame like any other', async () => {
    const connection = manualConnection()
    const scheduler = manualScheduler()
    const chat = createChat({ connection, scheduler })
    let wakes = 0
    chat.message('m1').subscribe(() => wakes++)
    void chat.sendMessage('Hello')
    await settled()
    const [began, opened, ...rest] = run(text('m1', ...'abcdefgh'))
    await connection.run.push(began!, opened!)
    scheduler.flush()
    wakes = 0
    for (const chunk of rest.slice(0, 6)) await connection.run.push(chunk)
    expect([wakes, scheduler.due]).toEqual([0, 1])
    scheduler.flush()
    expect(wakes).toBe(1)
  })
})

describe('listen', () => {
  it('hears the chat beside the callbacks of its options, until it is ended', async () => {
    const heard: string[] = []
    const chat = createChat({ connection: scriptedConnection(run(text('m', 'Hi'))), onFinish: () => heard.push('own') })
    const end = chat.listen({ onFinish: () => heard.push('first') })
    chat.listen({ onFinish: () => heard.push('second'), onChunk: ({ type }) => type === 'RUN_STARTED' && heard.push('chunk') })
    await chat.sendMessage('Hello')
    end()
    await chat.sendMessage('Hello again')
    expect(heard).toEqual(['chunk', 'own', 'first', 'second', 'chunk', 'own', 'second'])
  })

  it('does not start the machine', () => {
    let started = 0
    const chat = createChat({ connection: scriptedConnection([]), inspect: () => started++ })
    chat.listen({ onFinish() {} })()
    expect(started).toBe(0)
  })

  it('keeps each listener from the errors of the others', async () => {
    const uncaught: unknown[] = []
    const note = (error: unknown) => uncaught.push(error)
    process.once('uncaughtException', note)
    const heard: string[] = []
    const chat = createChat({ connection: scriptedConnection(run(text('m', 'Hi'))) })
    chat.listen({
      onFinish() {
        throw new Error('mine')
      },
    })
    chat.listen({ onFinish: () => heard.push('other') })
    await chat.sendMessage('Hello')
    await new Promise((resolve) => setTimeout(resolve))
    process.off('uncaughtException', note)
    expect(heard).toEqual(['other'])
    expect(uncaught).toMatchObject([{ message: 'mine' }])
  })
})

import { render } from '@testing-library/svelte'
import { ChatError, createChat, syncScheduler, type UseChatResult } from '@statechat/svelte'
import { manualConnection, run, settled, text } from '@statechat/core/testing'
import { tick } from 'svelte'
import { describe, expect, test } from 'vitest'
import { later, owned, user } from './support.ts'
import Below from './views/below.svelte'
import Provider from './views/provider.svelte'
import ReadsNothing from './views/reads-nothing.svelte'

describe('a provided chat', () => {
  test('is shown below, and stays alive when what is below goes and comes back', async () => {
    const connection = manualConnection()
    let page!: UseChatResult
    const options = owned(connection, { threadId: 'one' })
    const { container, rerender, unmount } = render(Provider, { props: { options, onChat: (chat: UseChatResult) => (page = chat) } })
    expect(container.textContent).toContain('one idle')
    void page.sendMessage('Hello')
    await settled()
    await tick()
    expect(container.textContent).toContain('one streaming')
    await rerender({ isOpen: false })
    await later()
    expect(container.textContent!.trim()).toBe('')
    expect(connection.run.signal.aborted).toBe(false)
    await rerender({ isOpen: true })
    expect(container.textContent).toContain('one streaming')
    unmount()
    await later()
    expect(connection.run.signal.aborted).toBe(true)
  })

  test('that is another one is followed by useChat() below', async () => {
    const connection = manualConnection()
    const { container, rerender } = render(Provider, { props: { options: owned(connection, { threadId: 'one' }) } })
    await rerender({ options: owned(connection, { threadId: 'two', initialMessages: [user('u1', 'Hi')] }) })
    expect(container.querySelector('p')!.textContent).toBe('two idle')
  })

  test('that nobody provides is called by its name', () => {
    expect(() => render(Below)).toThrow(/no component above this one has called provideChat/)
    expect(() => render(ReadsNothing, { props: { options: {}, onChat() {} } })).toThrow(ChatError)
  })
})

describe('a component that shows nothing of its chat', () => {
  test('still has its callbacks heard, its options counted and its chat ended', async () => {
    const heard: string[] = []
    const [one, two] = [manualConnection(), manualConnection()]
    let chat!: UseChatResult
    const onChat = (shown: UseChatResult) => (chat = shown)
    const { rerender, unmount } = render(ReadsNothing, { props: { options: owned(one, { onFinish: () => heard.push('one') }), onChat } })
    void chat.sendMessage('Hello')
    void chat.sendMessage('Wait')
    await settled()
    await rerender({ options: owned(two, { onFinish: () => heard.push('two') }) })
    await one.run.push(...run(text('m1', 'Hi')))
    await one.run.close()
    expect(heard).toEqual(['two'])
    expect([one.runs.length, two.runs.length]).toEqual([1, 1])
    unmount()
    await later()
    expect(two.run.signal.aborted).toBe(true)
  })

  test('reads stored messages when it is there, once', async () => {
    let reads = 0
    const chat = createChat({
      connection: manualConnection(),
      scheduler: syncScheduler,
      initialMessages() {
        reads++
        return [user('u1', 'Stored')]
      },
    })
    render(ReadsNothing, { props: { options: { chat }, onChat() {} } })
    render(ReadsNothing, { props: { options: { chat }, onChat() {} } })
    await settled()
    expect(reads).toBe(1)
    expect(chat.getSnapshot().messages).toHaveLength(1)
  })
})

import { createChat } from '@statechat/core'
import { manualConnection, settled } from '@statechat/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { type DevtoolsElement, mountDevtools } from '../src/index.ts'

const element = () => document.querySelector('statechat-devtools') as DevtoolsElement | null
const shadow = () => element()!.shadowRoot!
const chatNamed = (threadId: string) => createChat({ connection: manualConnection(), threadId })
const chats = () => [...shadow().querySelectorAll('select option')].map(({ textContent }) => textContent)
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))

afterEach(() => {
  document.body.replaceChildren()
  localStorage.clear()
})

describe('mountDevtools', () => {
  it('adds a button to the page, and takes it away again', () => {
    const unmount = mountDevtools(chatNamed('a'))
    expect(shadow().querySelector('button')!.textContent).toBe('Chat devtools')
    unmount()
    expect(element()).toBeNull()
  })
  it('shows several chats in one panel, until the last one goes', async () => {
    const [unmountA, unmountB] = [mountDevtools(chatNamed('a'), { open: true }), mountDevtools(chatNamed('b'))]
    await frame()
    expect(document.querySelectorAll('statechat-devtools')).toHaveLength(1)
    expect(chats()).toEqual(['a', 'b'])
    unmountA()
    await frame()
    expect(chats()).toEqual(['b'])
    unmountB()
    expect(element()).toBeNull()
  })
  it('keeps a chat that was mounted twice until both are done, as in a StrictMode', () => {
    const chat = chatNamed('a')
    const [first, second] = [mountDevtools(chat), mountDevtools(chat)]
    first()
    first()
    expect(element()!.chat).toBe(chat)
    second()
    expect(element()).toBeNull()
  })
  it('puts it where it is told to', () => {
    const parent = document.body.appendChild(document.createElement('div'))
    mountDevtools(chatNamed('a'), { parent })
    expect(element()!.parentElement).toBe(parent)
  })
  it('hears nothing of a chat that was unmounted', async () => {
    const chat = chatNamed('a')
    const unmount = mountDevtools(chat, { open: true })
    const root = shadow()
    unmount()
    void chat.sendMessage('Hi')
    await settled()
    await frame()
    expect(root.childElementCount).toBe(0)
  })
})

describe('<statechat-devtools>', () => {
  it('takes another chat in the place of the one that it has', async () => {
    mountDevtools(chatNamed('a'), { open: true })
    element()!.chat = chatNamed('b')
    await frame()
    expect(chats()).toEqual(['b'])
    element()!.chat = null
    await frame()
    expect(chats()).toEqual([])
  })
  it('opens and closes by its property', () => {
    mountDevtools(chatNamed('a'))
    element()!.open = true
    expect(shadow().querySelector('section')).not.toBeNull()
    element()!.open = false
    expect(shadow().querySelector('section')).toBeNull()
  })
  it('tells the page how much room it takes, and gives it back', () => {
    const room = () => document.documentElement.style.getPropertyValue('--statechat-devtools-bottom')
    mountDevtools(chatNamed('a'), { open: true })
    expect(room()).toBe('380px')
    element()!.open = false
    expect(room()).toBe('')
  })
  it('draws every state of the machine', () => {
    mountDevtools(chatNamed('a'), { open: true })
    const states = [...shadow().querySelectorAll<HTMLElement>('.chart li')].map(({ dataset }) => dataset['state'])
    expect(states).toEqual([
      'idle',
      'idle.ready',
      'idle.restoring',
      'idle.restoring.loading',
      'idle.restoring.joining',
      'running',
      'running.streaming',
      'running.streaming.connecting',
      'running.streaming.replaying',
      'running.streaming.receiving',
      'running.streaming.reconnecting',
      'running.streaming.reconnecting.waiting',
      'running.streaming.reconnecting.offline',
      'running.streaming.reconnecting.rejoining',
      'running.tool-calling',
      'running.tool-calling.remote',
      'running.tool-calling.local',
      'error',
      'stopped',
    ])
  })
  it('shows a chat that was disposed of before it came, without a word', async () => {
    const chat = chatNamed('a')
    chat.dispose()
    mountDevtools(chat, { open: true })
    await frame()
    expect(shadow().querySelector('output')!.textContent).toBe('nothing yet')
  })
})

import { createChat } from '@statechat/core'
import { manualConnection, settled } from '@statechat/core/testing'
import { describe, expect, it } from 'vitest'
import { createDeck } from '../src/deck.ts'
import { openChat } from '../src/open-chat.ts'

function setup() {
  let changes = 0
  const deck = createDeck(() => changes++)
  const open = (threadId: string) => {
    const chat = createChat({ connection: manualConnection(), threadId })
    const source = openChat(chat)
    deck.add(source)
    return { chat, source }
  }
  const shown = () => deck.view?.entry?.event.type
  return { deck, open, shown, changes: () => changes }
}

describe('the deck', () => {
  it('shows the first of several chats, and any other that is chosen', () => {
    const { deck, open } = setup()
    const { source: first } = open('a')
    const { source: second } = open('b')
    expect(deck.sources.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(deck.source).toBe(first)
    deck.select(second)
    expect(deck.view!.recording).toBe(second.recording)
  })
  it('asks for a frame when something happens in the chat that is shown, and only then', () => {
    const { open, changes } = setup()
    const { chat: shown } = open('a')
    const { chat: other } = open('b')
    const before = changes()
    other.setState(1)
    expect(changes()).toBe(before)
    shown.setState(1)
    expect(changes()).toBe(before + 1)
  })
  it('follows the latest entry until somebody pauses, steps or jumps', () => {
    const { deck, open, shown } = setup()
    const { chat } = open('a')
    chat.setState(1)
    chat.stop()
    expect([shown(), deck.isLive]).toEqual(['user.stop', true])
    deck.pause()
    chat.clear()
    expect([shown(), deck.isLive]).toEqual(['user.stop', false])
    deck.seek(deck.view!.entry!.number - 1)
    expect(shown()).toBe('user.setState')
    deck.jump(0)
    expect(shown()).toBe('record.start')
    deck.follow()
    expect([shown(), deck.isLive]).toEqual(['user.clear', true])
  })
  it('steps no further than there are entries', () => {
    const { deck, open, shown } = setup()
    const { chat } = open('a')
    chat.stop()
    deck.seek(-5)
    expect(shown()).toBe('record.start')
    deck.seek(99)
    expect(shown()).toBe('user.stop')
  })
  it('shows another chat when the one that is shown goes, and nothing after the last', () => {
    const { deck, open } = setup()
    const { source: first } = open('a')
    const { source: second } = open('b')
    deck.pause()
    deck.remove(first)
    expect([deck.source, deck.isLive]).toEqual([second, true])
    deck.remove(second)
    expect(deck.view).toBeUndefined()
  })
  it('stops the record of a chat that goes', async () => {
    const { deck, open } = setup()
    const { chat, source } = open('a')
    deck.remove(source)
    void chat.sendMessage('Hi')
    await settled()
    expect(source.recording.entries.end).toBe(1)
  })
})

import { setup } from 'xstate'
import { readRun, restoreMessages, runTool, watchNetwork } from './actors.ts'
import type { ChatContext, ChatInput } from './context.ts'
import type { ChatEvent } from './events.ts'

export const types = {} as { context: ChatContext; events: ChatEvent; input: ChatInput; tags: 'busy' }

export const actors = { readRun, runTool, restoreMessages, watchNetwork }

/** Typed makers of built-in actions. */
export const { assign, enqueueActions, spawnChild, stopChild } = setup({ types, actors })

import type { Model } from './model.ts'
import type { RealChat } from './real-chat.ts'

/** Something that happens: to the model, and the same to the real chat. `n` is its place in the path, for names. */
export interface Move {
  /** Whether it can happen here, and whether it is worth walking on from here. */
  possible(model: Model): boolean
  model(model: Model, n: number): void
  chat(chat: RealChat, n: number): unknown
}

export const always = () => true

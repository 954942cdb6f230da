import { chatMachine } from '../../src/session/machine.ts'

let isOn = false

/** The guard of an application that sends nothing at the moment. */
export const isRefused = () => isOn

/** Runs `send` with a machine that has this guard: what a chat does with `chatMachine.provide({ guards: { isRefused } })`. */
export function refused(send: () => void): void {
  const { implementations } = chatMachine as unknown as { implementations: { guards: object } }
  const { guards } = implementations
  implementations.guards = { ...guards, isRefused }
  isOn = true
  send()
  isOn = false
  implementations.guards = guards
}

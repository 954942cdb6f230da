import type { ChatPhase, ChatStatus } from '@statechat/react'

const STATUSES: readonly ChatStatus[] = ['idle', 'streaming', 'tool-calling', 'error', 'stopped']

/** The machine in plain sight: its five states, and the phase of the active one. */
export function MachineState({ status, phase }: { status: ChatStatus; phase: ChatPhase }) {
  return (
    <ol className="machine" aria-label="State of the chat" data-status={status} data-phase={phase ?? ''}>
      {STATUSES.map((name) => (
        <li key={name} data-name={name} aria-current={name === status ? 'step' : undefined}>
          {name}
          {name === status && phase && <small>{phase}</small>}
        </li>
      ))}
    </ol>
  )
}

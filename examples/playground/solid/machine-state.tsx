import type { ChatPhase, ChatStatus } from '@statechat/solid'
import { For, Show } from 'solid-js'

const STATUSES: readonly ChatStatus[] = ['idle', 'streaming', 'tool-calling', 'error', 'stopped']

/** The machine in plain sight: its five states, and the phase of the active one. */
export function MachineState(props: { status: ChatStatus; phase: ChatPhase }) {
  return (
    <ol class="machine" aria-label="State of the chat" data-status={props.status} data-phase={props.phase ?? ''}>
      <For each={STATUSES}>
        {(name) => (
          <li data-name={name} aria-current={name === props.status ? 'step' : undefined}>
            {name}
            <Show when={name === props.status && props.phase}>
              <small>{props.phase}</small>
            </Show>
          </li>
        )}
      </For>
    </ol>
  )
}

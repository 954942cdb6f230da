// Kept from the moment of loading, so that a test's fake timers do not hold the stream up.
const immediate: ((task: () => void) => unknown) | undefined = (globalThis as { setImmediate?: (task: () => void) => unknown }).setImmediate

const tasks: (() => void)[] = []
let channel: MessageChannel | undefined

function runOne() {
  tasks.shift()?.()
}

/** Runs `task` when everything that is already waiting has run. No timer: a hidden page throttles those, and not this. */
export function nextTask(task: () => void): void {
  if (immediate) return void immediate(task)
  if (!channel) {
    channel = new MessageChannel()
    channel.port1.onmessage = runOne
  }
  tasks.push(task)
  channel.port2.postMessage(null)
}

/** Starts a watch; its `read()` is milliseconds since, of the CPU of this process (all threads) and of the wall. */
export function startWatch() {
  const cpu = process.cpuUsage()
  const wall = performance.now()
  return {
    read() {
      const { user, system } = process.cpuUsage(cpu)
      return { cpu: (user + system) / 1000, wall: performance.now() - wall }
    },
  }
}

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1]

export { faultProxy, type FaultProxy, type FaultProxyOptions, type Target } from './fault-proxy.ts'
export type { BreakKind, ConnectionFaults, Direction, LaneFaults } from './faults.ts'

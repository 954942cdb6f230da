export { defineDevtools } from './devtools-element.ts'
export type { DevtoolsElement } from './devtools-element.ts'
export { mountDevtools } from './mount-devtools.ts'
export type { MountOptions } from './mount-devtools.ts'

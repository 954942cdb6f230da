export { shareTabs } from './share-tabs.ts'
export type { ShareTabsOptions } from './share-tabs.ts'
export type { Channel } from './tab-channel.ts'
export type { OpenTab, Tabs } from './tabs.ts'

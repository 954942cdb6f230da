import { agUi } from './ag-ui.js'
import { aiSdk } from './ai-sdk.js'
import { floor, uiMessageStreamFloor } from './floor.js'
import { statechat, statechatOnUiMessages } from './statechat.js'
import { tanstackAi } from './tanstack-ai.js'

/**
 * A contestant: `name`, `protocol` of its bytes, `create({ fetch, history })` → client, `send(client)` that settles when the
 * answer is complete, `read(client)` → what it shows, `messages(client)` → what there is to store, `dispose(client)`.
 */
export const FLOORS = [floor, uiMessageStreamFloor]
export const OURS = [statechat, statechatOnUiMessages]
export const PEERS = [tanstackAi, aiSdk, agUi]

/** The floor on the same bytes. */
export const floorOf = ({ protocol }) => FLOORS.find((each) => each.protocol === protocol)

import { longAnswer } from './long-answer.js'
import { longHistory } from './long-history.js'
import { manyChats } from './many-chats.js'
import { persistence } from './persistence.js'
import { toolArguments } from './tool-arguments.js'
import { toolCalls } from './tool-calls.js'
import { toolInput } from './tool-input.js'

/**
 * A scenario: `name`, and functions of `{ isQuick }` that give what is to be measured. `comparisons` of contestants: `who: 'ours'`
 * leaves peers out; `contestants` are more of ours, as `statechatOf` makes them for what costs something only where it is switched
 * on, and `judged` is the name of the one that has to keep the limits. `growths`, `holdings` (growth of memory) and `heaps` are of
 * statechat. `chats` of a comparison makes so many at once, `isStored` writes the conversation down. `limits` are those of `report/limits.js`.
 */
export const SCENARIOS = [longAnswer, longHistory, toolArguments, toolInput, toolCalls, persistence, manyChats]

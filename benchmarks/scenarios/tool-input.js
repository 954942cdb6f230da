import { FORMS } from '../content/arguments.js'
import { callWith, content } from '../content/content.js'
import { statechatOf } from '../contestants/statechat.js'

/** A screen that shows the arguments while they are written reads `input` whenever there is something new. */
const onScreen = statechatOf({ name: 'statechat on a screen', look: (messages) => messages.at(-1)?.parts[0]?.input })

/** Bytes; a longer one would only take longer to say the same where each delta is a task. */
const SIZES = [50_000, 200_000, 1_000_000]
const SIZES_OF_TASKS = [20_000, 80_000, 400_000]
/** A power above 1, as a long text misses more caches and meets more of the garbage collector. */
const LIMIT = 1.2
/** The call's end, its result and the end of the run. */
const LAST = 3

const each = (make) => Object.entries(FORMS).map(([name, form]) => make(name, (bytes) => content({ calls: callWith(form(bytes)) })))

/** Arguments that are read as they grow, in three forms: neither time nor memory may grow faster than they do. */
export const toolInput = {
  name: 'tool-input',
  growths: () => [
    ...each((name, of) => ({
      title: `Time with \`input\` read at every read: ${name}`,
      contestant: onScreen,
      sizes: SIZES,
      taskOf: (bytes) => ({ content: of(bytes), shape: 'pacedBlocks' }),
      limit: LIMIT,
    })),
    ...each((name, of) => ({
      title: `Time with \`input\` read at every delta: ${name}`,
      contestant: onScreen,
      sizes: SIZES_OF_TASKS,
      taskOf: (bytes) => ({ content: of(bytes), shape: 'tasks' }),
      limit: LIMIT,
    })),
  ],
  holdings: () =>
    each((name, of) => ({
      title: `Memory before the call's end: ${name}`,
      contestant: onScreen,
      sizes: SIZES,
      taskOf: (bytes) => ({ content: of(bytes), shape: 'blocks', held: LAST }),
      limit: LIMIT,
    })),
}

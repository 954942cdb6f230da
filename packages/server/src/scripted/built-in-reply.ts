import type { ModelRequest } from '../adapter.ts'
import { errand, parseErrand } from './errand.ts'
import { example } from './example.ts'
import { markdown } from './markdown.ts'
import type { Reply } from './step.ts'
import { parseSum, sum } from './sum.ts'
import { weather } from './weather.ts'

/** The reply to a question, chosen by its words; an answer that has to have a form is an example of it. */
export function builtInReply(question: string, { tools, responseFormat }: ModelRequest): Reply {
  if (/\b(fail|crash)\b/i.test(question)) return ['I was going to answer, but ', { error: 'provider_unavailable' }]
  if (responseFormat) return JSON.stringify(example(responseFormat.schema), null, 2)
  if (/\b(weather|forecast)\b/i.test(question)) return weather(question)
  const todo = parseErrand(question)
  if (todo) return errand(todo, tools)
  const asked = parseSum(question)
  if (asked) return sum(asked)
  if (/\bthink/i.test(question)) return [{ reasoning: REASONING }, CONCLUSION]
  if (/^\W*(hi|hello|hey)\b\W*$/i.test(question)) return GREETING
  return markdown(question)
}

const REASONING = `The person wants me to think, so I should show how.

First: what is being asked? Not an answer as such, but the way to one. Second: what do I know? I am a script, so everything I
will ever say is written down already. Third: does that matter here? Hardly, since what is to be seen is this text arriving
before the answer, piece by piece, in a part of its own.

So I will say so, and keep it short.`

const CONCLUSION = `I have thought about it. **What you saw above is reasoning**: it arrives before the answer, in its own part, and a page
may fold it away once the answer begins.`

const GREETING = `Hello! I am the scripted model: I need no key and always answer the same. Ask me for

- the **weather** in a city, or a **sum** such as 12 × 7: I call a tool;
- a **dark** or **light** page, or **where am I**: I call a tool of your browser, if there is one;
- to send a **mail**: I call a tool that asks you first;
- to **call** any tool there is: \`call get_weather {"city":"Oslo"}\`;
- something to **think** about: I reason first;
- anything else: I write some Markdown;
- or tell me to **fail**.`

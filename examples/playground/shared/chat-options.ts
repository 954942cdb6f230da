import { toolDefinition } from '@statechat/core'
import { locate } from './locate.ts'
import { setTheme } from './set-theme.ts'
import * as tools from './tools.ts'

const ours = [
  tools.setTheme.client(({ theme }) => setTheme(theme)),
  tools.getLocation.client((_input, context) => locate(context), { timeoutMs: 60_000 }),
  // The server runs it, once somebody has agreed; here it is known for its schema.
  tools.sendMail.server(),
] as const

const { name, description, inputSchema } = tools.getWeather
/** Nothing runs it: the person is asked, and answers as they like. */
const weatherByHand = toolDefinition({ name, description, inputSchema })

const WITH_SERVER_WEATHER = [tools.getWeather.server(), ...ours] as const
const WITH_WEATHER_BY_HAND = [weatherByHand, ...ours] as const

/** The tools of every page; the person may play the weather service. */
export const toolsFor = (playsWeather: boolean) => (playsWeather ? WITH_WEATHER_BY_HAND : WITH_SERVER_WEATHER)

/** Whether a person types the answer to calls of this tool, if this client owes one. */
export const isAnsweredByHand = (toolName: string): boolean => toolName === weatherByHand.name

export const SUGGESTIONS = [
  'What is the weather in Oslo?',
  'Switch to the dark theme',
  'Where am I?',
  'Write a mail to Ada',
  'Show me some Markdown',
  'What is 12 × 7?',
  'Think about it first',
  'Please fail',
]

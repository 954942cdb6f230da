import { toolDefinition } from '@statechat/core'
import { z } from 'zod'

/** What the model may do: declared once, for the server, which runs two of them, and for the pages, which run the others. */

export const getWeather = toolDefinition({
  name: 'get_weather',
  description: 'The weather in a city.',
  inputSchema: z.object({ city: z.string() }),
  outputSchema: z.object({ city: z.string(), temperature: z.number(), unit: z.string(), condition: z.string() }),
})

export const setTheme = toolDefinition({
  name: 'set_theme',
  description: 'Makes the page light or dark.',
  inputSchema: z.object({ theme: z.enum(['light', 'dark']) }),
  outputSchema: z.object({ theme: z.enum(['light', 'dark']) }),
})

export const getLocation = toolDefinition({
  name: 'get_location',
  description: 'Where the user is, if they allow their browser to say it.',
  inputSchema: z.object({}),
  outputSchema: z.object({ latitude: z.number(), longitude: z.number() }),
})

export const sendMail = toolDefinition({
  name: 'send_mail',
  description: 'Sends a mail for the user, who is asked first.',
  inputSchema: z.object({ to: z.email(), subject: z.string(), body: z.string() }),
  outputSchema: z.object({ id: z.string() }),
  needsApproval: true,
})

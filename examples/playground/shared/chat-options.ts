/** What the playground asks of the person instead of the server, when it is told to. */
export const WEATHER_TOOL = {
  name: 'get_weather',
  description: 'The weather in a city.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

export const SUGGESTIONS = ['Show me some Markdown', 'What is the weather in Oslo?', 'What is 12 × 7?', 'Think about it first', 'Please fail']

import type { WireTool } from '../protocol/chunk.ts'
import { toJsonSchema } from '../tool/schema.ts'
import type { ClientTool } from '../tool/tool.ts'

export const toWireTool = ({ name, description = '', inputSchema, metadata }: ClientTool): WireTool => ({
  name,
  description,
  ...(inputSchema && { parameters: toJsonSchema(inputSchema, `inputSchema of ${name}`) }),
  ...(metadata && { metadata }),
})

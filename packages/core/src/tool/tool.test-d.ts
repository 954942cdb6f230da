import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import type { ToolMapOf } from './tool.ts'
import { toolDefinition } from './tool-definition.ts'

test('zod, valibot and arktype give the types of input and output', () => {
  const withZod = toolDefinition({
    name: 'weather',
    inputSchema: z.object({ city: z.string(), days: z.number().default(1) }),
    outputSchema: z.object({ celsius: z.number() }),
    needsApproval: ({ days }) => {
      expectTypeOf(days).toEqualTypeOf<number>()
      return days > 3
    },
  })
  const withValibot = toolDefinition({ name: 'theme', inputSchema: toStandardJsonSchema(v.object({ dark: v.boolean() })) })
  const withArktype = toolDefinition({ name: 'mail', inputSchema: type({ to: 'string' }), outputSchema: type({ id: 'string' }) })
  const withJson = toolDefinition({ name: 'json', inputSchema: { type: 'object' } })
  const tools = [
    withZod.server(({ city, days }) => {
      expectTypeOf(city).toEqualTypeOf<string>()
      expectTypeOf(days).toEqualTypeOf<number>()
      return { celsius: 21 }
    }),
    withValibot.client(({ dark }) => {
      expectTypeOf(dark).toEqualTypeOf<boolean>()
      return dark ? 'dark' : 'light'
    }),
    withArktype.client(),
    withJson,
    { name: 'plain', inputSchema: { type: 'object' } },
  ] as const
  type Tools = ToolMapOf<typeof tools>
  expectTypeOf<Tools['weather']>().toEqualTypeOf<{ input: { city: string; days?: number | undefined }; output: { celsius: number } }>()
  expectTypeOf<Tools['theme']>().toEqualTypeOf<{ input: { dark: boolean }; output: 'dark' | 'light' }>()
  expectTypeOf<Tools['mail']>().toEqualTypeOf<{ input: { to: string }; output: { id: string } }>()
  expectTypeOf<Tools['json']>().toEqualTypeOf<{ input: unknown; output: unknown }>()
  expectTypeOf<Tools['plain']>().toEqualTypeOf<{ input: unknown; output: unknown }>()
})

test('execute cannot give what the output schema refuses', () => {
  const tool = toolDefinition({ name: 'count', outputSchema: z.object({ n: z.number() }) })
  expectTypeOf(tool.name).toEqualTypeOf<'count'>()
  // @ts-expect-error n is a number
  tool.server(() => ({ n: 'one' }))
  // @ts-expect-error n is a number, also from the browser
  tool.client(async () => ({ n: 'one' }))
})

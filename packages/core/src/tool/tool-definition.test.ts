import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requireUniqueNames, toolDefinition } from './tool-definition.ts'

const context = { toolCallId: 'c', signal: new AbortController().signal, emit: () => {} }

describe('a tool', () => {
  const options = {
    name: 'send_mail',
    description: 'Sends a mail',
    inputSchema: z.object({ to: z.string() }),
    outputSchema: z.object({ id: z.string() }),
    needsApproval: true,
    metadata: { icon: 'mail' },
  } as const
  const tool = toolDefinition(options)

  it('is what it was declared as, wherever it runs', () => {
    expect(tool).toMatchObject(options)
    expect(tool.server(() => ({ id: '1' }))).toMatchObject({ ...options, side: 'server' })
    expect(tool.client(() => ({ id: '1' }))).toMatchObject({ ...options, side: 'client' })
  })

  it('keeps its function', async () => {
    expect(await tool.server(({ to }, { toolCallId }) => ({ id: `${to} ${toolCallId}` })).execute?.({ to: 'ann' }, context)).toEqual({ id: 'ann c' })
    expect(await tool.client(async ({ to }) => ({ id: to })).execute?.({ to: 'bob' }, context)).toEqual({ id: 'bob' })
  })

  it('may be known without one', () => {
    expect(tool.server()).not.toHaveProperty('execute')
    expect(tool.client()).not.toHaveProperty('execute')
    expect(tool.side).toBeUndefined()
  })

  it('may have a limit of time in the browser', () => {
    expect(tool.client(() => ({ id: '1' }), { timeoutMs: 5 })).toMatchObject({ timeoutMs: 5 })
    expect(tool.client(() => ({ id: '1' }))).not.toHaveProperty('timeoutMs')
  })

  it('may be declared many times over without the first changing', () => {
    const before = { ...tool }
    tool.server(() => ({ id: '1' }))
    tool.client(() => ({ id: '1' }))
    expect({ ...tool }).toEqual(before)
  })
})

describe('a name', () => {
  it.each(['f', 'get_weather', '_private', 'A-b_9', 'a'.repeat(64), '__proto__', 'constructor'])('may be %s', (name) => {
    expect(toolDefinition({ name }).name).toBe(name)
  })

  it.each(['', ' ', '9lives', '-f', 'get weather', 'get.weather', 'wetter_für', 'a'.repeat(65), 'f\n', undefined, 7])('may not be %j', (name) => {
    expect(() => toolDefinition({ name: name as string })).toThrow(
      expect.objectContaining({ code: 'misuse', message: expect.stringContaining('A tool cannot be named') as string }),
    )
  })

  it('is that of one tool', () => {
    const named =
      (...names: string[]) =>
      () =>
        requireUniqueNames(names.map((name) => ({ name })))
    expect(named('a', 'b', 'A', '__proto__', 'constructor')).not.toThrow()
    expect(named('a', 'b', 'a')).toThrow(expect.objectContaining({ code: 'misuse', message: 'Two tools are named "a"; names are unique.' }))
    expect(named('__proto__', '__proto__')).toThrow('Two tools are named "__proto__"')
  })
})

describe('a schema', () => {
  it('of a library that cannot describe itself is refused at once, by the name of the tool', () => {
    expect(() => toolDefinition({ name: 'theme', inputSchema: v.object({ dark: v.boolean() }) })).toThrow(
      /^The inputSchema of theme is a schema of valibot .*toStandardJsonSchema/,
    )
  })

  it('of the output need not describe itself: nobody is told of it', () => {
    expect(toolDefinition({ name: 'theme', outputSchema: v.string() }).outputSchema).toBeDefined()
  })
})

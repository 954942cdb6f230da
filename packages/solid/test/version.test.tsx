import { render } from '@solidjs/testing-library'
import { createComputed, createRoot } from 'solid-js'
import { createStore, produce } from 'solid-js/store'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Where in node_modules the functions are that are running now. */
const rootsOf = ({ stack = '' }: Error) => new Set([...stack.matchAll(/(\/[^\s:()?]*\/solid-js)\/(?:\w+\/)?dist\//g)].map(([, root]) => root!))

test('these tests run on the Solid that their project is for, and on one copy of it', () => {
  const errors: Error[] = []
  const note = () => void errors.push(new Error())
  createRoot(() => createComputed(note))
  createStore({ a: 1 })[1](produce(note))
  render(() => <b ref={note} />)
  const roots = new Set(errors.flatMap((error) => [...rootsOf(error)]))
  expect(errors).toHaveLength(3)
  expect(errors.every((error) => rootsOf(error).size === 1)).toBe(true)
  expect([...roots].map((root) => JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).version.replace(/\.\d+$/, ''))).toEqual([
    process.env['SOLID_MINOR'],
  ])
})

import { version as react } from 'react'
import { version as dom } from 'react-dom'
import { expect, test } from 'vitest'

test('these tests run on the React that their project is for', () => {
  const major = process.env['REACT_MAJOR']
  expect([react.split('.')[0], dom.split('.')[0]]).toEqual([major, major])
})

import type { ServerHarness } from '@statechat/conformance'
import { version } from 'react'
import { renderToString } from 'react-dom/server'
import { View } from './view.tsx'

export const serverHarness: ServerHarness = {
  name: `React ${version} on the server`,
  render: (options) => renderToString(<View options={options} />),
}

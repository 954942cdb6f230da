import type { ServerHarness } from '@statechat/conformance'
import { createSSRApp, version } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { viewOf } from './view.ts'

export const serverHarness: ServerHarness = {
  name: `Vue ${version} on the server`,
  render: (options) => renderToString(createSSRApp(viewOf(() => options))),
}

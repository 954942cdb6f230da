import type { ServerHarness } from '@statechat/conformance'
import { render } from 'svelte/server'
import { VERSION } from 'svelte/compiler'
import View from './views/view.svelte'

export const serverHarness: ServerHarness = {
  name: `Svelte ${VERSION} on the server`,
  render: (options) => render(View, { props: { options } }).body,
}

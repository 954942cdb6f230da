import { type ServerHarness, storedPage, type ViewOptions } from '@statechat/conformance'
import { renderToString } from 'solid-js/web'
import { manualConnection } from '@statechat/core/testing'
import { Page } from './page.tsx'
import { user } from './text.ts'
import { View } from './view.tsx'

const render = (options: ViewOptions) => renderToString(() => <View options={options} />)

export const serverHarness: ServerHarness = { name: 'Solid on the server', render }

export const renderStoredPage = (): string => render(storedPage())

export const renderPage = (): string =>
  renderToString(() => <Page options={{ connection: manualConnection(), initialMessages: [user('u1', 'Before')] }} />)

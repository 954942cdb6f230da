import { createChat, useReadable } from '@statechat/vue'
import { manualConnection } from '@statechat/core/testing'
import { render } from '@testing-library/vue'
import { getCurrentInstance, h, version } from 'vue'
import { expect, test } from 'vitest'

test('these tests run on the Vue that their project is for, and so does the library that mounts', () => {
  const chat = createChat({ connection: manualConnection() })
  const mounted: (string | undefined)[] = []
  const Status = {
    setup() {
      mounted.push(getCurrentInstance()?.appContext.app.version)
      const status = useReadable(chat.status)
      return () => h('p', status.value)
    },
  }
  expect(render(Status).container.textContent).toBe('idle')
  expect(version.split('.').slice(0, 2).join('.')).toBe(process.env['VUE_VERSION'])
  expect(mounted).toEqual([version])
})

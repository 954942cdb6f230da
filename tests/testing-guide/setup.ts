import '@statechat/core/testing/vitest'

export { resumeUrl, textStream, toAiSdkMessages, uiMessageStream } from '@statechat/core'
export { toUIMessageStreamResponse } from '@statechat/server'
/** What the chat itself shows of each chunk. */
export { Transcript } from '../../../packages/core/src/transcript/transcript.ts'

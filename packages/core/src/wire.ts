/**
 * The wire half, without machine, transcript store or network: vocabulary, framing and message conversion.
 * What a server, a proxy or a test needs.
 */
export type * from './protocol/chunk.ts'
export { PROTOCOL_VERSION } from './protocol/chunk.ts'
export type * from './transcript/message.ts'
export { toWireMessages } from './transcript/to-wire.ts'
export { ChatError, isChatError } from './errors.ts'
export type { ChatErrorCode, ChatErrorDetails, ChatWarning, WarningSink } from './errors.ts'

export type { Frame, FrameDecoder, FrameDecoderOptions } from './framing/frame.ts'
export { createSseDecoder, encodeSse, encodeSseComment } from './framing/sse.ts'
export { createNdjsonDecoder, encodeNdjson } from './framing/ndjson.ts'
export { agUi } from './protocol/ag-ui.ts'
export type { AgUiOptions } from './protocol/ag-ui.ts'
export type { ChunkDecoder, DecoderOptions, Protocol, ProtocolRequest } from './protocol/protocol.ts'

import { fetchHttpStream, fetchServerSentEvents } from '@statechat/core'
import { WebSocket } from 'ws'
import { webSocket } from '@statechat/core'
import { sharing } from './client-of.ts'
import { httpPeer, NDJSON, SSE } from './http-peer.ts'
import { pushPeer, rpcPeer } from './push-peer.ts'
import { socketPeer } from './socket-peer.ts'
import { adapterSuite } from './suite.ts'

const http = { canEndEarly: true, garbledWith: 'protocol', cutWith: ['network', 'truncated'] } as const

adapterSuite({ ...http, name: 'fetchServerSentEvents', encode: SSE.encode, serve: () => httpPeer(SSE, sharing(fetchServerSentEvents)) })
adapterSuite({ ...http, name: 'fetchHttpStream', encode: NDJSON.encode, serve: () => httpPeer(NDJSON, sharing(fetchHttpStream)) })
adapterSuite({ ...http, name: 'webSocket', serve: () => socketPeer((url) => webSocket(url, { WebSocketImpl: WebSocket })) })
adapterSuite({
  name: 'pushConnection',
  serve: pushPeer,
  endsAtFinish: true,
  garbledWith: 'protocol',
  refusedWith: 'connection',
  cutWith: ['connection', 'connection'],
})
adapterSuite({
  name: 'rpcStream',
  serve: rpcPeer,
  canEndEarly: true,
  mayBeEmpty: true,
  garbledWith: 'protocol',
  refusedWith: 'connection',
  cutWith: ['connection', 'connection'],
})

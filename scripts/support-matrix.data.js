/**
 * What docs/support.md shows. A feature that a column does not mention is one that there is no such thing as;
 * `no` is one that there is, without a test that shows it here. A test is named as vitest prints it: describe > … > title.
 */
const inFile = (file) => (test) => ({ file, test })

const fixture = inFile('tests/chain/ag-ui/fixtures.test.ts')
const roundTrip = inFile('tests/chain/ag-ui/round-trip.test.ts')
const badInput = inFile('tests/chain/ag-ui/bad-input.test.ts')
const agUiServer = inFile('tests/chain/ag-ui-servers.test.ts')
const tanstackServer = inFile('tests/chain/tanstack-tools/approvals.test.ts')
const tanstackAnswer = inFile('tests/chain/tanstack-tools/structured-output.test.ts')
const custom = inFile('packages/core/src/transcript/custom.test.ts')
const reducer = inFile('packages/core/src/transcript/apply-chunk.test.ts')
const classic = inFile('packages/core/src/protocol/classic.test.ts')
const classicServer = inFile('tests/chain/hand-written-servers.test.ts')
const theirStream = inFile('tests/chain/ai-sdk/their-server.test.ts')
const theirFunction = inFile('tests/chain/ai-sdk/their-functions.test.ts')
const theirResume = inFile('tests/chain/ai-sdk/resume.test.ts')
const aiSdkMessages = inFile('packages/core/src/protocol/ui-message-stream/ai-sdk-messages.test.ts')
const sameAsSdk = inFile('tests/chain/straight-to-model/same-as-sdk.test.ts')
const toModel = inFile('tests/chain/straight-to-model/conversation.test.ts')
const foreign = inFile('tests/chain/foreign-clients.test.ts')
const serverTools = inFile('tests/chain/tools.test.ts')
const viaOpenai = inFile('tests/chain/openai.test.ts')
const openaiTools = inFile('tests/chain/openai-tools.test.ts')
const openaiAdapter = inFile('packages/server/test/openai.test.ts')
const realProvider = inFile('packages/server/test/language-model.test.ts')
const oldModel = inFile('packages/server/src/language-model/language-model.test.ts')
const newModel = inFile('packages/server/src/language-model/read-stream.test.ts')
const promptFile = inFile('packages/server/src/language-model/prompt-file.test.ts')
const scripted = inFile('packages/server/src/scripted/scripted.test.ts')

const no = 'no'

const protocols = {
  title: 'What the client understands',
  corner: 'a protocol has',
  features: [
    'text',
    'reasoning',
    'encrypted reasoning, given back',
    'tool calls',
    'client tools',
    'approvals',
    'other interrupts',
    'structured output',
    'files in',
    'files out',
    'sources',
    'data parts',
    'state',
    'activities',
    'subagents',
    'usage',
    'errors',
    'truncation, noticed',
    'cancelled by the server',
    'a run that is going on, joined',
    'resume after a drop',
  ],
  columns: [
    {
      name: 'AG-UI',
      text: fixture('texts > deltas concatenate in the order they come'),
      reasoning: fixture('reasonings > a span brackets thoughts, and is not one'),
      'encrypted reasoning, given back': roundTrip(
        'what goes back to the server > are thoughts with their sealed values, texts and calls with theirs, and metadata where it was',
      ),
      'tool calls': fixture('tools > a call is made, its arguments come in pieces, and it is answered'),
      'client tools': agUiServer(
        'aimock’s AG-UI server > leaves a call to the client and goes on with its answer, which it finds in the next request',
      ),
      approvals: tanstackServer('a tool of the server that needs a yes > runs once after it, in a run that goes on from the one that asked'),
      'other interrupts': roundTrip(
        'questions of the server > are answered in the next request, every one of them, with the state and the sealed values of the run that asked',
      ),
      'structured output': tanstackAnswer('a structured answer > grows as partial, and is final when it is whole'),
      'files in': viaOpenai('what the model is asked > about a picture holds the picture'),
      'files out': custom('CUSTOM file > becomes an image, a sound, a film or a document, by its media type'),
      sources: reducer('sources and data > a source comes once per id'),
      'data parts': custom('CUSTOM data-… > stays, unless it is transient'),
      state: fixture('states > all six operations apply in order'),
      activities: fixture('activities > a delta changes the content'),
      subagents: fixture('subagents > a subagent is started, works and finishes, and its work carries its id'),
      usage: inFile('tests/chain/tanstack-servers.test.ts')(
        'a TanStack AI server with toServerSentEventsResponse > sends text and reasoning, which arrive whole with finish reason and usage',
      ),
      errors: agUiServer('aimock’s AG-UI server > reports an error'),
      'truncation, noticed': badInput(
        'bytes that are not what they should be > cut after any of its events, an answer is truncated and what came of it stays',
      ),
      'cancelled by the server': roundTrip('a cancelled run > ends as one that was stopped: no error, no onFinish, and the chat goes on'),
      'a run that is going on, joined': no,
      'resume after a drop': no,
    },
    {
      name: 'classic TanStack AI chunks',
      text: classic('classic TanStack AI chunks > text becomes one message of one run'),
      reasoning: classic('classic TanStack AI chunks > thinking becomes a reasoning message of its own, closed when the answer begins'),
      'tool calls': classic('classic TanStack AI chunks > an agent loop: incremental arguments, the result between two steps, each step a run'),
      'client tools': classicServer('the first TanStack AI wire > leaves the tools that the client declares to the client'),
      approvals: classic('classic TanStack AI chunks > client tools and approvals are the CUSTOM chunks of today, after the run'),
      usage: classic('classic TanStack AI chunks > text becomes one message of one run'),
      errors: classicServer('the first TanStack AI wire > reports its errors'),
      'truncation, noticed': classicServer('the first TanStack AI wire > 11: cut after chunk 7 is truncated'),
    },
    {
      name: 'AI SDK UI message stream',
      text: theirStream('the stream “text” > becomes the message that readUIMessageStream makes of it'),
      reasoning: theirStream('the stream “reasoning” > becomes the message that readUIMessageStream makes of it'),
      'encrypted reasoning, given back': theirFunction(
        'streamText of the AI SDK > sends text and reasoning, and gets the whole conversation with the next request',
      ),
      'tool calls': theirFunction('streamText of the AI SDK > runs its own tools in several steps, side by side, one of which fails'),
      'client tools': theirFunction('streamText of the AI SDK > leaves a tool to the client, whose answer continues the same message'),
      approvals: theirFunction('streamText of the AI SDK > asks for an approval; what was approved goes on in the same message'),
      'structured output': no,
      'files in': aiSdkMessages('toAiSdkMessages > gives media as files, bytes as a data URL'),
      'files out': theirStream('the stream “files” > becomes the message that readUIMessageStream makes of it'),
      sources: theirStream('the stream “sources” > becomes the message that readUIMessageStream makes of it'),
      'data parts': theirFunction('createUIMessageStream of the AI SDK > mixes data of the application with the answer of a model'),
      errors: theirFunction('streamText of the AI SDK > reports an error with the text that it has for the client'),
      'truncation, noticed': theirFunction('a stream that was cut > is truncated when the body closes before finish, and what came is kept'),
      'cancelled by the server': theirFunction('createUIMessageStream of the AI SDK > that is aborted leaves the turn stopped, with what there was'),
      'a run that is going on, joined': theirResume(
        'an AI SDK stream that is going on > is shown from its start by GET, in the place of what was stored of it, and goes on',
      ),
      'resume after a drop': no,
    },
    {
      name: 'text stream',
      text: inFile('tests/chain/ai-sdk/text-stream-adapter.test.ts')('an adapter reads a text stream with the protocol alone'),
      'structured output': no,
      'files in': no,
      'truncation, noticed': no,
    },
    {
      name: 'OpenAI chat completions',
      text: sameAsSdk('openaiChat and the official package read the same > a long text, in pieces of 7'),
      reasoning: sameAsSdk('openaiChat and the official package read the same > reasoning and text, in pieces of 7'),
      'encrypted reasoning, given back': inFile('packages/core/src/protocol/openai-chat/chat-request.test.ts')(
        'the seal of a call goes back to Gemini, and to nobody else',
      ),
      'tool calls': sameAsSdk('openaiChat and the official package read the same > three calls at once, in pieces of 7'),
      'client tools': toModel('openaiChat > carries tools from the question to the final answer'),
      'structured output': no,
      'files in': inFile('packages/core/src/protocol/openai-chat/chat-request.test.ts')('content parts'),
      'files out': no,
      sources: no,
      usage: inFile('packages/core/src/protocol/openai-chat/chat-decoder.test.ts')('an answer > has details of its usage'),
      errors: toModel('servers that speak a dialect > half an answer and then an error in the stream'),
      'truncation, noticed': toModel('openaiChat > keeps what came of an answer that was cut, and asks the same again on retry'),
    },
    {
      name: 'OpenAI responses',
      text: sameAsSdk('openaiResponses and the official package read the same > a long text, in pieces of 7'),
      reasoning: sameAsSdk('openaiResponses and the official package read the same > reasoning and text, in pieces of 7'),
      'encrypted reasoning, given back': toModel(
        'reasoning goes back the way its provider wants it > OpenAI responses: the sealed item, under its own id',
      ),
      'tool calls': sameAsSdk('openaiResponses and the official package read the same > three calls at once, in pieces of 7'),
      'client tools': toModel('openaiResponses > carries tools from the question to the final answer'),
      'structured output': no,
      'files in': inFile('packages/core/src/protocol/openai-responses/responses-request.test.ts')('content parts'),
      'files out': no,
      sources: no,
      usage: toModel('openaiResponses > carries tools from the question to the final answer'),
      errors: inFile('packages/core/src/protocol/openai-responses/responses-decoder.test.ts')('what goes wrong > a failed response is RUN_ERROR'),
      'truncation, noticed': toModel('openaiResponses > keeps what came of an answer that was cut, and asks the same again on retry'),
      'cancelled by the server': no,
      'resume after a drop': no,
    },
    {
      name: 'Anthropic messages',
      text: sameAsSdk('anthropicMessages and the official package read the same > a long text, in pieces of 7'),
      reasoning: sameAsSdk('anthropicMessages and the official package read the same > reasoning and text, in pieces of 7'),
      'encrypted reasoning, given back': toModel(
        'reasoning goes back the way its provider wants it > Anthropic: thinking with its signature, and redacted thinking, before the calls they led to',
      ),
      'tool calls': sameAsSdk('anthropicMessages and the official package read the same > three calls at once, in pieces of 7'),
      'client tools': toModel('anthropicMessages > carries tools from the question to the final answer'),
      'structured output': no,
      'files in': inFile('packages/core/src/protocol/anthropic-messages/messages-request.test.ts')('content parts'),
      'files out': no,
      sources: no,
      usage: toModel('anthropicMessages > carries tools from the question to the final answer'),
      errors: inFile('packages/core/src/protocol/anthropic-messages/messages-decoder.test.ts')(
        'what goes wrong > an error is RUN_ERROR with its type as the code',
      ),
      'truncation, noticed': toModel('anthropicMessages > keeps what came of an answer that was cut, and asks the same again on retry'),
    },
  ],
}

const aiSdkClient = (name, client) => {
  const shows = (title) => inFile('tests/chain/ai-sdk/our-server.test.ts')(`${client} with our server > ${title}`)
  return {
    name,
    text: shows('shows text and reasoning, and sends the conversation back'),
    reasoning: shows('shows text and reasoning, and sends the conversation back'),
    'encrypted reasoning, given back': no,
    'server tools': shows('says yes to a tool of ours that needs it, which then runs'),
    'client tools': shows('runs a tool of its own, and goes on with the same message'),
    approvals: shows('says yes to a tool of ours that needs it, which then runs'),
    'files in': no,
    'files out': shows('shows sources, files and data, and hears what is for its ear alone'),
    sources: shows('shows sources, files and data, and hears what is for its ear alone'),
    'data parts': shows('shows sources, files and data, and hears what is for its ear alone'),
    errors: shows('shows a failed tool, and a failed run with the masked message'),
    'stop, which reaches the model': no,
  }
}

const clients = {
  title: 'Who our server answers',
  corner: 'a client gets',
  features: [
    'text',
    'reasoning',
    'encrypted reasoning, given back',
    'server tools',
    'client tools',
    'approvals',
    'structured output',
    'files in',
    'files out',
    'sources',
    'data parts',
    'errors',
    'stop, which reaches the model',
  ],
  columns: [
    {
      name: 'AG-UI HttpAgent',
      text: foreign('AG-UI’s HttpAgent and openai() > text and reasoning arrive in full, and every event is one that the schemas know'),
      reasoning: foreign('AG-UI’s HttpAgent and openai() > text and reasoning arrive in full, and every event is one that the schemas know'),
      'encrypted reasoning, given back': realProvider('what a provider wants back > are the same through AG-UI’s own client'),
      'server tools': serverTools('AG-UI’s HttpAgent > gets the calls and results of server tools as one run, and its history is taken'),
      'client tools': foreign('AG-UI’s HttpAgent and openai() > tool calls are left to it, and it goes on with their results and its whole history'),
      approvals: serverTools('AG-UI’s HttpAgent > is asked for approval, and its yes is taken'),
      'files in': no,
      errors: foreign('AG-UI’s HttpAgent > gets the failure of a model as a run error, with its code'),
      'stop, which reaches the model': foreign(
        'AG-UI’s HttpAgent > may abort, which closes the model’s stream and leaves a history that our server takes',
      ),
    },
    {
      name: 'TanStack AI ChatClient',
      text: foreign('TanStack AI’s ChatClient with its fetchServerSentEvents > gets text and reasoning of openai(), and its history is taken'),
      reasoning: foreign('TanStack AI’s ChatClient with its fetchServerSentEvents > gets text and reasoning of openai(), and its history is taken'),
      'encrypted reasoning, given back': no,
      'server tools': foreign('TanStack AI’s ChatClient with its fetchServerSentEvents > gets calls and results of tools that the server runs'),
      'client tools': serverTools('TanStack AI’s ChatClient > runs its own tools by itself, and the model gets their results'),
      approvals: serverTools('TanStack AI’s ChatClient > is asked for approval, and its user approves'),
      'structured output': serverTools('TanStack AI’s ChatClient > gets a structured answer as its value'),
      'files in': no,
      errors: foreign('TanStack AI’s ChatClient with its fetchServerSentEvents > gets the failure of a model as an error'),
      'stop, which reaches the model': foreign('TanStack AI’s ChatClient with its fetchServerSentEvents > closes the model’s stream by stop()'),
    },
    aiSdkClient('AI SDK for React', 'Chat of @ai-sdk/react'),
    aiSdkClient('AI SDK for Vue', 'Chat of @ai-sdk/vue'),
    aiSdkClient('AI SDK for Svelte', 'Chat of @ai-sdk/svelte'),
  ],
}

const models = {
  title: 'Which models our server asks',
  corner: 'an adapter gives',
  features: [
    'text',
    'reasoning',
    'encrypted reasoning, given back',
    'tool calls',
    'structured output',
    'files in',
    'files out',
    'sources',
    'usage',
    'errors',
    'truncation, noticed',
    'cancelled',
  ],
  columns: [
    {
      name: 'openai()',
      text: viaOpenai('an answer of a model, by server-sent events > is shown whole, with its finish reason and its usage'),
      reasoning: openaiAdapter('an answer > is reasoning, then text'),
      'encrypted reasoning, given back': no,
      'tool calls': openaiTools(
        'server tools > run between the calls of the model, which gets their results, all in one run with the sum of its usage',
      ),
      'structured output': openaiTools('a structured answer > is asked for, streamed and checked, after the tools'),
      'files in': viaOpenai('what the model is asked > about a picture holds the picture'),
      'files out': no,
      sources: no,
      usage: openaiAdapter('an answer > is text, in pieces, with its finish reason and usage'),
      errors: openaiAdapter('a failure of the provider > is given in full to onError'),
      'truncation, noticed': openaiAdapter(
        'a failure of the provider > is truncated when the answer is cut in the middle, what came before being kept',
      ),
      cancelled: inFile('tests/chain/stop.test.ts')(
        'the request to the model, by server-sent events > is closed by stop() in the middle of an answer, which is kept',
      ),
    },
    {
      name: 'languageModel(), v2',
      text: oldModel('a model of v2 > answers'),
      reasoning: no,
      'encrypted reasoning, given back': no,
      'tool calls': oldModel('a model of v2 > calls'),
      'structured output': no,
      'files in': promptFile('a file of a message > is bare for a model of v2'),
      'files out': oldModel('a model of v2 > makes files, bare'),
      sources: no,
      usage: oldModel('a model of v2 > answers'),
      errors: no,
      'truncation, noticed': oldModel('a model of v2 > that never says why it stopped was cut off'),
      cancelled: no,
    },
    {
      name: 'v3',
      text: realProvider('Anthropic > answers in pieces of text, with finish reason and usage'),
      reasoning: realProvider('Anthropic > thinks, then answers'),
      'encrypted reasoning, given back': realProvider(
        'what a provider wants back > are Anthropic’s signed and redacted thoughts, without which aimock, like Anthropic, refuses the tool result',
      ),
      'tool calls': realProvider('Google > gets the result of its call, and answers'),
      'structured output': no,
      'files in': realProvider('the request > has pictures and documents, by address and in bytes'),
      'files out': oldModel('a model of v3 > makes files, bare'),
      sources: no,
      usage: realProvider('OpenAI (responses) > answers in pieces of text, with finish reason and usage'),
      errors: realProvider('a failure > that comes within the stream is told, what came before being kept'),
      'truncation, noticed': realProvider('Anthropic > that is cut in the middle is truncated, what came before being kept'),
      cancelled: realProvider('Google > is left when the signal aborts'),
    },
    {
      name: 'v4',
      text: newModel('text > comes as it is streamed, and empty pieces do not'),
      reasoning: newModel('reasoning > comes before the text, each thought on its own'),
      'encrypted reasoning, given back': inFile('packages/server/src/language-model/round-trip.test.ts')(
        'an answer > comes back in the next prompt as it was: every part, in its order, with what the provider said of it',
      ),
      'tool calls': newModel('tool calls > stream their arguments, and those that came at the end are added'),
      'structured output': oldModel('languageModel() > passes on settings, tools and options'),
      'files in': promptFile('a file of a message > in bytes is found'),
      'files out': newModel('what else an answer holds > are files, as bytes or by address'),
      sources: newModel('what else an answer holds > are sources, with ids for the whole conversation'),
      usage: newModel('the end > has the usage of the model that answered, and what the provider says of it'),
      errors: newModel('the end > is a failure after an error in the stream, whatever the connection did then'),
      'truncation, noticed': newModel('the end > with no finish at all is a truncation'),
      cancelled: oldModel('languageModel() > ends as cancelled when the signal aborts, also where the model hangs'),
    },
    {
      name: 'scripted()',
      text: scripted('the built-in replies > write Markdown with every usual element, in many small pieces'),
      reasoning: scripted('the built-in replies > reason before the answer when asked to think'),
      'tool calls': scripted('the built-in replies > call get_weather, and tell what it said'),
      'structured output': scripted('a structured answer > is an example of its schema, in small pieces'),
      errors: scripted('the built-in replies > fail in the middle when asked to fail'),
      cancelled: scripted('the pace > waits for nothing after an abort, and leaves no timer'),
    },
  ],
}

const POINTS = [
  'brings a whole answer, for the request that was meant',
  'brings 2,000 chunks in order',
  'brings all of it to a reader that is slower than the server',
  'stopped in the tick of the send asks for nothing, and is ready for the next',
  'stopped before the first byte leaves the run, and no message',
  'stopped in the middle leaves the run, and keeps what came',
  'stopped after the last chunk and before the end keeps the whole answer',
  'hears nothing of a stopped run in the next one',
  'that ends before it is finished is truncated, and keeps what came',
  'that ends with nothing in it is no answer',
  'that breaks before anything came can be retried, and leaves no message',
  'that breaks in the middle keeps what came, and can be retried',
  'refused with 429 says so, and whether to ask again',
  'that sends garbage fails, keeps what came, and leaves the run',
  'serves two runs one after another',
  'serves two chats at once, and stops one without the other',
  'reads the same at every byte split',
  'reads the same byte by byte',
  'never takes an answer for whole that is cut, at whatever byte',
]
const OF_BYTES = POINTS.slice(-3)

/** A column of the suite that every transport goes through, but for the points that there is no such thing as. */
const transport = (name, { file = 'tests/chain/transports/transports.test.ts', without = [] } = {}) => ({
  name,
  suite: file,
  ...Object.fromEntries(POINTS.filter((point) => !without.includes(point)).map((point) => [point, { file, test: `${name} > ${point}` }])),
})

const browser = { file: 'tests/browser/xhr.test.ts' }
const transports = {
  title: 'What every transport has to get right',
  corner: 'an answer',
  features: POINTS,
  columns: [
    transport('fetchServerSentEvents'),
    transport('fetchHttpStream'),
    transport('xhrServerSentEvents', browser),
    transport('xhrHttpStream', browser),
    {
      ...transport('webSocket', { without: OF_BYTES }),
      [OF_BYTES[2]]: inFile('tests/chain/transports/web-socket.test.ts')(
        'webSocket() and our server > never take an answer for whole that is cut, at whatever byte, and read it byte by byte',
      ),
    },
    transport('pushConnection', {
      without: ['that ends before it is finished is truncated, and keeps what came', 'that ends with nothing in it is no answer', ...OF_BYTES],
    }),
    transport('rpcStream', { without: ['that ends with nothing in it is no answer', ...OF_BYTES] }),
  ],
}

export const TABLES = [protocols, clients, models, transports]

/** What is counted in the report of a run: tests of a file whose whole name fits. */
export const COUNTS = [
  {
    name: 'AG-UI fixtures, each by two profiles',
    file: 'tests/chain/ag-ui/fixtures.test.ts',
    test: /^(?!the fixtures|over newline|without checks|the client of)/,
  },
  { name: 'AG-UI fixtures read as the SDK’s client reads them', file: 'tests/chain/ag-ui/fixtures.test.ts', test: /^the client of the SDK > / },
  { name: 'AI SDK streams read as the AI SDK reads them', file: 'tests/chain/ai-sdk/their-server.test.ts', test: /^the stream / },
  { name: 'and more of them, ids and metadata too', file: 'tests/chain/ai-sdk/what-only-theirs-says.test.ts', test: / > is the same as theirs/ },
  {
    name: 'answers read as the providers’ packages read them',
    file: 'tests/chain/straight-to-model/same-as-sdk.test.ts',
    test: / and the official package read the same > /,
  },
  ...transports.columns.map(({ name, suite }) => ({ name: `points of the adapter suite, ${name}`, file: suite, test: new RegExp(`^${name} > `) })),
]

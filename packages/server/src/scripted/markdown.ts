/** A long answer with every usual element of Markdown, to watch it grow. */
export function markdown(question: string): string {
  const asked = question.trim().replace(/\s+/g, ' ').slice(0, 200)
  return `## A scripted answer

${asked === '' ? 'You asked nothing in words' : `You wrote: “${asked}”`}. I am a script and know nothing about it, but I can show how an answer looks while
it streams: *one piece at a time*, with **Markdown** that is incomplete most of the way.

### What happens

1. Your message goes to the server as one request.
2. The server streams chunks back, and each one becomes part of this text.
3. The last chunk says why it ended; until then the status is \`streaming\`.

### A piece of code

\`\`\`ts
const { messages, sendMessage, status, stop } = useChat({
  connection: fetchServerSentEvents('/api/chat'),
})
\`\`\`

### A table

| status         | what it means                       | what you can do |
| -------------- | ----------------------------------- | --------------- |
| \`idle\`         | nothing is in flight                | send            |
| \`streaming\`    | the model is answering              | stop            |
| \`tool-calling\` | a tool is at work                   | stop            |
| \`error\`        | it failed; the partial answer stays | retry           |
| \`stopped\`      | you stopped it                      | send, reload    |

> A stopped answer is kept, and so is a failed one.

The chunks follow the [AG-UI protocol](https://docs.ag-ui.com). Try *“weather in Oslo”*, *“12 × 7”*, *“think”* or *“fail”* next.
`
}

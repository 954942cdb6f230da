import { lastCall, messageOf, type Stage } from './stage.ts'

/** What a person does, and the tools of the client, and the clock. */
export function userActs(stage: Stage) {
  const { chat, clock, working, frames, reads, track } = stage
  const send = (id: string) => track(id, chat.sendMessage({ content: id, id }))
  const edit = (messageId: string | undefined, id: string) => track(id, chat.edit(messageId ?? 'nobody', { content: id, id }))
  const reload = (messageId?: string) => track(stage.nextId(), chat.reload(messageId))
  return {
    send: () => send(`Q${stage.count()}`),
    reload: () => reload(),
    reloadFirst: () => reload(messageOf(stage, 'assistant', 'first')?.id ?? 'nobody'),
    retry: () => track(stage.nextId(), chat.retry()),
    edit: () => edit(messageOf(stage, 'user', 'last')?.id, `E${stage.count()}`),
    editFirst: () => edit(messageOf(stage, 'user', 'first')?.id, `E${stage.count()}`),
    stop: () => chat.stop(),
    clear: () => chat.clear(),
    resumeQueue: () => chat.resumeQueue(),
    unqueue: () => chat.unqueue(chat.getSnapshot().queue[0]?.id ?? 'nobody'),
    setMessages: () => chat.setMessages((messages) => messages.slice(0, -1)),
    setState: () => chat.setState({ n: stage.count() }),
    select() {
      const branches = chat.branches(messageOf(stage, 'assistant', 'last')?.id ?? 'nobody')
      if (branches[0]) chat.selectBranch(branches[0].id)
    },
    attach: () => chat.attach(),
    detach: () => chat.detach(),
    frame: () => frames?.flush(),
    load: () => reads.shift()?.load(),
    failLoad: () => reads.shift()?.fail(),
    answerTool() {
      const call = lastCall(stage, 'input-complete')
      if (call) chat.addToolResult({ toolCallId: call.id, output: 1 })
    },
    answerNobody: () => chat.addToolResult({ toolCallId: 'nobody', output: 1 }),
    approve: () => chat.approve(lastCall(stage, 'approval-requested')?.id ?? 'nobody', stage.counted % 2 ? {} : { editedInput: { n: 2 } }),
    deny: () => chat.deny(lastCall(stage, 'approval-requested')?.id ?? 'nobody', 'no'),
    answerQuestion() {
      const id = chat.getSnapshot().interrupts[0]?.id ?? 'nobody'
      return stage.counted % 2 ? chat.resolveInterrupt(id, true) : chat.cancelInterrupt(id)
    },
    endTool() {
      const tool = working.shift()
      tool?.emit(0.5)
      tool?.end('seen')
    },
    failTool: () => working.shift()?.fail(new Error('no')),
    wait: () => clock.increment(10_000),
  }
}

import { measureAnswers } from './measure-answers.js'

/** {@link measureAnswers} where each conversation is written to a storage: by the contestant itself, or for it when its answer is complete. */
export function measureStored(contestant, task, times) {
  if (contestant.stored) return measureAnswers(contestant, task, times)
  const stored = new Map()
  const send = async (client) => {
    await contestant.send(client)
    stored.set('thread', JSON.stringify(contestant.messages(client)))
    if (!stored.get('thread').includes('Go on.')) throw new Error(`${contestant.name} stored a conversation without its question.`)
  }
  return measureAnswers({ ...contestant, send }, task, times)
}

/**
 * One answer becomes several wire messages, since a wire message holds one text, then calls. Their ids (`m`, `m/part-1`, `m/part-2`, …) say
 * that they are one answer: providers number the parts of each answer from 0, and want them back in their order.
 */
export function wireIds(messageId: string): () => string {
  let n = 0
  return () => `${messageId}/part-${++n}`
}

/** The id of the answer to which a wire message belongs. `toWireMessages` puts a number behind an id that it has met before. */
export const answerOf = (wireId: string): string => wireId.replace(/\/part-\d+(-\d+)?$/, '')

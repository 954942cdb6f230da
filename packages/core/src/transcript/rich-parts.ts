/** What `rich` loads. */
export { applyRichChunk, hasRichContent } from './apply-rich-chunk.ts'
export { applyToRun } from './apply-to-run.ts'
export { isData, toDataPart } from './data.ts'
export { finaliseRichPart } from './finalise-rich-part.ts'
export { askingRun, deliver, resumeEntries } from './interrupt.ts'
export { outputIdOf, takeForOutput, isWritingOutput, writeOutput } from './structured-output.ts'
export { writeRichPart } from './write-rich-part.ts'

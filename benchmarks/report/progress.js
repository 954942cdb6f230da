/** Says on stderr how far it is; stdout is the result. */
export const progress = (text) => process.stderr.write(`${text}\n`)

/** How a failed call is put into words: a person's no is none of a failure. */
export function refusal(error: string, failure: string): string {
  const no = /^The user (?:denied|cancelled) this call(?:: (.*)|\.)?$/s.exec(error)
  if (!no) return `${failure}: ${error}`
  return no[1] === undefined ? 'You said no, so I have left it.' : `You said no (“${no[1]}”), so I have left it.`
}

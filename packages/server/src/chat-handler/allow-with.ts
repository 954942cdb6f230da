import { ChatRequestError } from '../chat-request-error.ts'
import type { Allow } from '../run-log/runs.ts'
import type { Authorize } from './options.ts'

/** `authorize` has answered the request itself. */
export class AnsweredByAuthorize extends Error {
  readonly response: Response

  constructor(response: Response) {
    super(`authorize answered ${response.status}`)
    this.response = response
  }
}

export const allowWith =
  (authorize: Authorize, request: Request): Allow =>
  async (what) => {
    const answer = await authorize({ ...what, request })
    if (answer instanceof Response) throw new AnsweredByAuthorize(answer)
    // Anything but yes is no.
    if (answer !== true) throw new ChatRequestError('forbidden', 'this is not allowed')
  }

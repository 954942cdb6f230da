import { nextTask } from '../src/session/next-task.ts'

/** Resolves when everything that is waiting in microtasks and tasks has run, so that a test sees what a user would. No time passes. */
export const settled = (): Promise<void> => new Promise((resolve) => nextTask(() => nextTask(resolve)))

/** Collects what is young; Node runs with `--expose-gc`. A whole collection throws away compiled code with the shapes that it was made for. */
export const collectYoung = () => globalThis.gc({ type: 'minor' })

const PASSES = 4

/** Bytes in use after whole collections: more than one, as finalisers free more in the next. */
export function heapUsed() {
  for (let pass = 0; pass < PASSES; pass++) globalThis.gc()
  return process.memoryUsage().heapUsed
}

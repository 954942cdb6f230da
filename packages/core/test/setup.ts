/** Most tests here are about what happens when all code is there; those about its loading begin without (`*.lazy.test.ts`). */
import { preload } from '../src/session/answering.ts'

await preload()

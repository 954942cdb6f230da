import type { LanguageModelV2, LanguageModelV3 } from '@ai-sdk/provider'
import type { LanguageModel as PublishedModel } from 'ai'
import type { anthropic } from '@ai-sdk/anthropic'
import type { ProviderTool } from './call-options.ts'
import type { LanguageModel, StreamPart } from './model.ts'

/** Our shape of a model against the published types. Run by tsc: it has no runtime. */

function expectAssignable<_To, _From extends _To>(): void {}

expectAssignable<LanguageModel, LanguageModelV2>()
expectAssignable<LanguageModel, LanguageModelV3>()
// v4 and all that are to be taken with it.
expectAssignable<LanguageModel, Exclude<PublishedModel, string>>()

type PartOf<Model> = Model extends { doStream(...args: never[]): PromiseLike<{ stream: ReadableStream<infer Part> }> } ? Part : never
type Published = PartOf<Exclude<PublishedModel, string>> | PartOf<LanguageModelV2> | PartOf<LanguageModelV3>

// A kind of part that we do not know would go by unseen.
expectAssignable<StreamPart['type'], Published extends { type: infer Type } ? Type : never>()

// @ts-expect-error a name alone is no model
expectAssignable<LanguageModel, string>()

expectAssignable<ProviderTool, ReturnType<(typeof anthropic)['tools']['webSearch_20250305']>>()

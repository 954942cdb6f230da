export type { ProviderTool } from './call-options.ts'
export type { FetchFile } from './download.ts'
export { languageModel, type LanguageModelOptions } from './language-model.ts'
export type { CallOptions, CallSettings, LanguageModel, ProviderData, SupportedUrls } from './model.ts'

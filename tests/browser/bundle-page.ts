import { build } from 'esbuild'
import { join } from 'node:path'

/** The script of a page in this folder, with our packages as they are built for production. */
export async function bundlePage(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    conditions: ['@statechat/source', 'module'],
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  return outputFiles[0]!.text
}

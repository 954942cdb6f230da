import { buildSync } from 'esbuild'

/** The page's script, bundled once when the process starts. */
export const script = buildSync({
  entryPoints: [new URL('client.js', import.meta.url).pathname],
  bundle: true,
  format: 'esm',
  write: false,
  logLevel: 'error',
}).outputFiles[0].text

export const page = ({ threadId, server }) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Several servers, one chat</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
  [data-role=user] { font-weight: 600 }
  form { display: flex; gap: .5rem; position: sticky; bottom: 0; padding: 1rem 0; background: Canvas }
  input { flex: 1; font: inherit; padding: .4rem }
  button { font: inherit }
</style>
<h1>Several servers, one chat</h1>
<p>This page came from the server on port ${server}. <output id="status" aria-live="polite"></output></p>
<div id="messages" aria-live="off"></div>
<form>
  <label for="text" hidden>Message</label>
  <input id="text" autocomplete="off" placeholder="Show me some Markdown" aria-label="Message">
  <button>Send</button>
  <button type="button" id="stop">Stop</button>
</form>
<script type="module" src="/page.js" data-thread="${threadId}" id="script"></script>
</html>`

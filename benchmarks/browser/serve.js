import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

/**
 * The list keeps to its end by CSS alone (a reversed column), so that the last character is in view when it is painted,
 * and no contestant has to scroll.
 */
const page = (id) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${id}</title>
<link rel="icon" href="data:,">
<style>
body { margin: 0; font: 14px/1.4 sans-serif }
header { height: 40px }
#scroll { height: calc(100vh - 40px); margin-top: 40px; overflow: auto; display: flex; flex-direction: column-reverse }
header { position: fixed; top: 0 }
.message { padding: 4px 12px }
.text { margin: 0; white-space: pre-wrap }
</style>
<div id="scroll"><div id="root"></div></div>
<script type="module" src="/${id}.js"></script>
</html>`

/** Serves the pages in `folder` on loopback: `/<framework>/<contestant>`. */
export async function serve(folder) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    if (!pathname.endsWith('.js')) return response.writeHead(200, { 'content-type': 'text/html' }).end(page(pathname.slice(1)))
    const file = join(folder, pathname)
    if (!existsSync(file)) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/javascript' })
    return createReadStream(file).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

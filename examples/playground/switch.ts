import { FRAMEWORKS } from './shared/frameworks.ts'

const ALL = 'all'
const choices = [...FRAMEWORKS.map(({ name }) => ({ name, hash: name.toLowerCase() })), { name: 'Side by side', hash: ALL }]

/** One page, or the four beside each other; a page that was opened once is kept, and so is its conversation. */
function show() {
  const chosen = choices.find(({ hash }) => `#${hash}` === location.hash)?.hash ?? 'react'
  const nav = document.getElementById('switch')!
  nav.replaceChildren(
    ...choices.map(({ name, hash }) => {
      const link = Object.assign(document.createElement('a'), { href: `#${hash}`, textContent: name })
      if (hash === chosen) link.setAttribute('aria-current', 'page')
      return link
    }),
  )
  const pages = document.getElementById('pages')!
  for (const { name, path } of FRAMEWORKS) {
    const isShown = chosen === ALL || chosen === name.toLowerCase()
    const frame = pages.querySelector<HTMLIFrameElement>(`iframe[title="${name}"]`)
    if (frame) frame.hidden = !isShown
    else if (isShown) pages.append(Object.assign(document.createElement('iframe'), { title: name, src: path }))
  }
  pages.dataset['count'] = chosen === ALL ? 'all' : 'one'
}

addEventListener('hashchange', show)
show()

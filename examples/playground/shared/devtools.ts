import type { Chat } from '@statechat/core'

/** The panel makes room for itself: the page is as high and wide as what it leaves. */
const ROOM = `
  .app { height: calc(100dvh - var(--statechat-devtools-bottom, 0px)); }
  body { padding-right: var(--statechat-devtools-right, 0px); }
`

/** Shows a chat in the devtools: while developing, and with `?devtools` in the address, which opens them. Returns the function that ends that. */
export function showDevtools(chat: Chat): () => void {
  const isAsked = new URLSearchParams(location.search).has('devtools')
  if (!import.meta.env.DEV && !isAsked) return () => {}
  const mounted = import('@statechat/devtools').then(({ mountDevtools }) => {
    makeRoom()
    return mountDevtools(chat, { open: isAsked })
  })
  return () => void mounted.then((unmount) => unmount())
}

let room: CSSStyleSheet | undefined

function makeRoom() {
  if (room) return
  room = new CSSStyleSheet()
  room.replaceSync(ROOM)
  document.adoptedStyleSheets.push(room)
}

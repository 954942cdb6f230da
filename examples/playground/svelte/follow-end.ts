import { toEnd } from '../shared/to-end.ts'

const NEAR = 80

/** Keeps the end of a list in view, as long as its reader has not scrolled away from it. */
export function followEnd(list: HTMLElement) {
  let isFollowing = true

  function onScroll() {
    isFollowing = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR
  }

  function show() {
    if (isFollowing) toEnd(list)
  }

  const resizes = new ResizeObserver(show)
  resizes.observe(list)
  list.addEventListener('scroll', onScroll, { passive: true })
  return {
    show,
    release() {
      resizes.disconnect()
      list.removeEventListener('scroll', onScroll)
    },
  }
}

import { onMounted, onUnmounted, useTemplateRef, watch } from 'vue'
import { toEnd } from '../shared/to-end.ts'

const NEAR = 80

/** Follows the end of the element with this template ref while `changes` does, unless the reader has scrolled away from it. */
export function useFollowedEnd(name: string, changes: () => unknown): void {
  const element = useTemplateRef<HTMLElement>(name)
  const resizes = new ResizeObserver(follow)
  let isFollowing = true

  function follow() {
    if (isFollowing && element.value) toEnd(element.value)
  }

  function onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = element.value!
    isFollowing = scrollHeight - scrollTop - clientHeight < NEAR
  }

  onMounted(() => {
    resizes.observe(element.value!)
    element.value!.addEventListener('scroll', onScroll, { passive: true })
  })
  onUnmounted(() => resizes.disconnect())
  watch(changes, follow, { flush: 'post' })
}

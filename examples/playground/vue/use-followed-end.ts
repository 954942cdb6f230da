import { onMounted, onUnmounted, useTemplateRef, watch } from 'vue'

const NEAR = 80

/** Follows the end of the element with this template ref while `changes` does, unless the reader has scrolled away from it. */
export function useFollowedEnd(name: string, changes: () => unknown): void {
  const element = useTemplateRef<HTMLElement>(name)
  const resizes = new ResizeObserver(follow)
  let isFollowing = true

  function follow() {
    if (isFollowing && element.value) element.value.scrollTo({ top: element.value.scrollHeight })
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

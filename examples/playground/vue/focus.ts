import type { Directive } from 'vue'

/** `v-focus`: takes the focus when it appears. The attribute `autofocus` works once per page only. */
export const vFocus: Directive<HTMLElement> = { mounted: (element) => element.focus() }

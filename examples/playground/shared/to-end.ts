/** Scrolls to the last message; a page that has none stays at its top. */
export function toEnd(list: HTMLElement): void {
  if (list.querySelector('.message')) list.scrollTo({ top: list.scrollHeight })
}

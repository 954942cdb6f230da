/** Where it is learnt that a page is about to go away. */
export interface Page {
  /** Calls back when the page is hidden or left: what is not stored then may be lost. Gives the function that ends it. */
  onHide(leave: () => void): () => void
}

/** The page of a browser; elsewhere there is none. A page that is put to sleep or killed gets no later event than these. */
export const browserPage: Page = {
  onHide(leave) {
    const { window, document } = globalThis
    const ifHidden = () => {
      if (document.visibilityState === 'hidden') leave()
    }
    window?.addEventListener?.('pagehide', leave)
    document?.addEventListener?.('visibilitychange', ifHidden)
    return () => {
      window?.removeEventListener?.('pagehide', leave)
      document?.removeEventListener?.('visibilitychange', ifHidden)
    }
  },
}

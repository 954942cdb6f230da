/** Calls back in the microtask after something below `node` has changed. */
export function onMutation(node, callback) {
  const observer = new MutationObserver(callback)
  observer.observe(node, { childList: true, subtree: true, characterData: true })
  return () => observer.disconnect()
}

/** Milliseconds from each click on the button, by the time of the input itself, to the paint of the number it changed. */
export function watchClicks(painted) {
  const button = document.querySelector('#urgent')
  const clicks = []
  let clickedAt = 0
  const onClick = ({ timeStamp }) => {
    clickedAt = timeStamp
  }
  button.addEventListener('click', onClick, { capture: true })
  const end = onMutation(document.querySelector('#count'), () => {
    const since = clickedAt
    void painted().then((now) => clicks.push(now - since))
  })
  return {
    end() {
      button.removeEventListener('click', onClick, { capture: true })
      end()
      return clicks
    },
  }
}

/** Tasks of more than 50 milliseconds: how long each took. */
export function watchLongTasks() {
  const tasks = []
  const note = (entries) => tasks.push(...entries.map(({ duration }) => duration))
  const observer = new PerformanceObserver((list) => note(list.getEntries()))
  observer.observe({ type: 'longtask' })
  return {
    end() {
      note(observer.takeRecords())
      observer.disconnect()
      return tasks
    },
  }
}

/** How often something happened, at most, in one frame. */
export function perFrame(frames) {
  const counted = { most: 0, all: 0, frames: 0 }
  let frame = -1
  let here = 0
  return {
    counted,
    note() {
      if (frame !== frames.number) {
        frame = frames.number
        here = 0
        counted.frames++
      }
      counted.all++
      counted.most = Math.max(counted.most, ++here)
    },
  }
}

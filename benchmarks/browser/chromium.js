import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const CANDIDATES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Flags that keep Chromium from talking to anybody but us. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update']

/** Headless Chromium, with the 60 frames a second of a screen. It ends with this process, also when that is interrupted. */
export function launch() {
  const executablePath = CANDIDATES.find((path) => path && existsSync(path))
  if (!executablePath) throw new Error('No Chromium found. Install it (Debian: apt-get install chromium) or set CHROMIUM to its path.')
  return chromium.launch({ executablePath, args: QUIET })
}

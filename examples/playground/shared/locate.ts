import type { ToolContext } from '@statechat/core'

export interface Place {
  latitude: number
  longitude: number
}

/** For the position itself; how long a person thinks about the browser's question is not counted. */
const TIMEOUT_MS = 15_000

/** Asks the browser for the position. Its errors are for people, and for the model, which reads them too. */
export function locate({ signal, emit }: ToolContext): Promise<Place> {
  return new Promise((resolve, reject) => {
    // The browser cannot be told to stop looking, but nobody has to wait for it.
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    if (!('geolocation' in navigator)) return reject(new Error('This browser cannot say where it is.'))
    emit('Asking the browser for the position')
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => resolve({ latitude, longitude }),
      (error) => reject(new Error(inWords(error))),
      { timeout: TIMEOUT_MS, maximumAge: 60_000 },
    )
  })
}

function inWords({ code, PERMISSION_DENIED, TIMEOUT }: GeolocationPositionError): string {
  if (code === PERMISSION_DENIED) return 'The browser is not allowed to say where it is. The site settings of the browser can change that.'
  if (code === TIMEOUT) return `The position could not be found within ${TIMEOUT_MS / 1000} seconds.`
  return 'The position could not be found: there is no signal, or the location service of the device is off.'
}

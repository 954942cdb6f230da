import { type ClientRequest, type IncomingMessage, request } from 'node:http'

/** What the adapters use of XMLHttpRequest, over `node:http`; each request has its own connection, or one of `agent`'s. */
export class NodeXhr {
  readyState = 0
  status = 0
  statusText = ''
  responseURL = ''
  responseText = ''
  responseType = ''
  withCredentials = false
  onreadystatechange: (() => void) | null = null
  onload: (() => void) | null = null
  onerror: (() => void) | null = null
  ontimeout: (() => void) | null = null
  onabort: (() => void) | null = null
  #request: ClientRequest | undefined
  #response: IncomingMessage | undefined
  #method = ''
  #headers: Record<string, string> = {}

  open(method: string, url: string): void {
    this.#method = method
    this.responseURL = url
    this.#to(1)
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value
  }

  send(body?: string): void {
    this.#request = request(this.responseURL, { method: this.#method, headers: this.#headers, agent: false }, (response) => this.#read(response))
    this.#request.once('error', () => this.#fail())
    this.#request.end(body)
  }

  abort(): void {
    if (this.readyState === 4 || this.readyState === 0) return
    this.readyState = 4
    this.#request?.destroy()
    this.onabort?.()
  }

  getAllResponseHeaders(): string {
    return Object.entries(this.#response?.headers ?? {})
      .map(([name, value]) => `${name}: ${String(value)}\r\n`)
      .join('')
  }

  #read(response: IncomingMessage): void {
    this.#response = response
    this.status = response.statusCode ?? 0
    this.statusText = response.statusMessage ?? ''
    this.#to(2)
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      this.responseText += text
      this.#to(3)
    })
    response.once('error', () => this.#fail())
    response.once('end', () => {
      this.#to(4)
      this.onload?.()
    })
  }

  #fail(): void {
    if (this.readyState === 4) return
    // As the standard has it: what has come is forgotten.
    this.responseText = ''
    this.status = 0
    this.#to(4)
    this.onerror?.()
  }

  #to(readyState: number): void {
    if (this.readyState === 4) return
    this.readyState = readyState
    this.onreadystatechange?.()
  }
}

/**
 * Adds to package-lock.json the optional packages of other platforms that `npm install` left out because the registry in use
 * does not carry them: `npm ci` refuses a lock file in which one is missing, although none of them would be installed.
 * Run it after each change of dependencies: `npm run lockfile`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const file = join(import.meta.dirname, '..', 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

let added = 0
for (const [path, owner] of Object.entries({ ...lock.packages })) {
  for (const [name, range] of Object.entries(owner.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`
    if (lock.packages[key] || lock.packages[`${path}/${key}`]) continue
    const platform = platformOf(name)
    if (!platform) throw new Error(`The name of ${name} says no platform. Add it to package-lock.json by hand.`)
    lock.packages[key] = { version: range.replace(/^[\^~]/, ''), optional: true, ...(owner.dev && { dev: true }), ...platform }
    added++
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} packages of other platforms added.`)

/** `@scope/binding-linux-x64-gnu` → Linux, x64, glibc; `windows-64` → win32, x64. */
function platformOf(name) {
  const words = name.split('/').at(-1).replace('windows', 'win32').split('-')
  const os = words.find((word) => OS.includes(word))
  const cpu = words.includes('64') ? 'x64' : words.find((word) => CPU.includes(word))
  if (!os || !cpu) return undefined
  const libc =
    os !== 'linux'
      ? undefined
      : words.some((word) => word.startsWith('gnu'))
        ? 'glibc'
        : words.some((word) => word.startsWith('musl'))
          ? 'musl'
          : undefined
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) }
}

/**
 * Everything that `.ci/run` runs, in order; `npm run check`. Stops at nothing, so that one run shows all that is wrong.
 * Ends with what failed and `N passed, N failed`: every test counts, and every other step counts as one. Something skipped is a failure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')
const reports = mkdtempSync(join(tmpdir(), 'statechat-check-'))
const reportOf = (name) => join(reports, name)

const STEPS = [
  ['Format', 'npx', ['oxfmt', '--check']],
  ['Lint', 'npm', ['run', 'lint']],
  ['Imports', 'npm', ['run', 'imports']],
  ['Unused code', 'npx', ['knip']],
  ['Types', 'npm', ['run', 'types']],
  ['Picture of the machine', 'npm', ['run', 'machine', '--', '--check']],
  ['Tables of names', 'npm', ['run', 'api', '--', '--check']],
  ['Code in the docs', 'npm', ['run', 'docs']],
  ['Build', 'npm', ['run', 'build']],
  ['Packages', 'npm', ['run', 'packages']],
  ['Sizes', 'npm', ['run', 'sizes', '--', '--check']],
  ['Tests, as the README says', 'npm', ['test'], 'test.json'],
  ['Chromium', 'npm', ['run', 'test:browser'], 'browser.json'],
  ['Tables of support', 'npm', ['run', 'support', '--', '--check', '--report', reportOf('test.json'), '--report', reportOf('browser.json')]],
  ['Benchmark', 'npm', ['run', 'bench', '--', '--check']],
]

let passed = 0
let failed = 0
const failures = []

for (const [name, command, args, report] of STEPS) {
  console.log(`\n── ${name}: ${command} ${args.join(' ')}`)
  const started = Date.now()
  const file = report && reportOf(report)
  const all = file ? [...args, '--', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`] : args
  const { status } = spawnSync(command, all, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, CI: 'true', TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  })
  const isOk = file ? countTests(name, file, status) : count(name, status === 0)
  console.log(`── ${name}: ${isOk ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

rmSync(reports, { recursive: true, force: true })
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `- ${failure}`).join('\n')}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function count(name, isOk) {
  if (isOk) passed++
  else {
    failed++
    failures.push(name)
  }
  return isOk
}

function countTests(name, file, status) {
  let result
  try {
    result = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return count(`${name} (no report)`, false)
  }
  const skipped = result.numPendingTests + result.numTodoTests
  passed += result.numPassedTests
  failed += result.numFailedTests
  for (const file of result.testResults) {
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      if (status === 'failed') failures.push(`${name}: ${relative(root, file.name)}: ${fullName}\n  ${failureMessages.join('\n').slice(0, 1000)}`)
    }
  }
  if (skipped > 0) count(`${name}: ${skipped} skipped`, false)
  // A file that does not load, or an unhandled error, fails without a failed test.
  else if (status !== 0 && result.numFailedTests === 0) count(`${name} (outside of a test)`, false)
  else if (result.numPassedTests === 0) count(`${name}: no test ran`, false)
  return status === 0 && skipped === 0 && result.numPassedTests > 0
}

/**
 * Each step that changes a run is one script, so it is done as a whole or not at all. Time is the server's.
 * KEYS: the hash and the stream of one run. Replies begin with a word; a refusal is a reply, so that errors are those of Redis.
 *
 * The hash: thread, fingerprint, status, epoch, tail, created (µs), lease and read (ms: until when somebody writes, or reads),
 * owner (of the last claim or takeover), cancel (the reason, once asked), base:<epoch> (the tail when that epoch began).
 */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

const INFO = `
local function info(word)
  local run = redis.call('HMGET', KEYS[1], 'thread', 'fingerprint', 'status', 'epoch', 'tail', 'lease', 'read', 'cancel')
  if not run[1] then return {'unknown_run'} end
  local isLeaseValid = tonumber(run[6]) > now and '1' or '0'
  local unread = string.format('%.0f', math.max(0, now - run[7]))
  return {word, run[1], run[2], run[3], run[4], run[5], isLeaseValid, unread, run[8]}
end
`

/** ARGV[1]: the epoch of who asks. */
const FENCE = `
local run = redis.call('HMGET', KEYS[1], 'epoch', 'status', 'tail', 'thread', 'created', 'cancel')
if not run[1] then return {'unknown_run'} end
if run[1] ~= ARGV[1] then return {'fenced', run[1]} end
`

const IS_OPEN = `
if run[2] ~= 'open' then return {'closed', run[2]} end
`

/** ARGV: thread, fingerprint, owner, lease (ms), time to live (ms). A claim that is sent twice is one claim. */
const claim = `${NOW}${INFO}
if redis.call('EXISTS', KEYS[1]) == 0 then
  local created = string.format('%.0f', time[1] * 1000000 + time[2])
  redis.call('HSET', KEYS[1], 'thread', ARGV[1], 'fingerprint', ARGV[2], 'owner', ARGV[3], 'status', 'open', 'epoch', '1', 'tail', '0',
    'created', created, 'lease', now + ARGV[4], 'read', now)
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
  redis.call('DEL', KEYS[2])
  return {'created', created}
end
local run = redis.call('HMGET', KEYS[1], 'owner', 'created')
if run[1] == ARGV[3] then return {'created', run[2]} end
return info('known')
`

/** ARGV: owner, lease, time to live. */
const takeover = `${NOW}
local run = redis.call('HMGET', KEYS[1], 'status', 'lease', 'epoch', 'tail', 'owner')
if run[1] ~= 'open' then return {'no'} end
if run[5] == ARGV[1] then return {'taken', run[3], run[4]} end
if tonumber(run[2]) > now then return {'no'} end
local epoch = string.format('%.0f', run[3] + 1)
redis.call('HSET', KEYS[1], 'epoch', epoch, 'owner', ARGV[1], 'lease', now + ARGV[2], 'base:' .. epoch, run[4])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return {'taken', epoch, run[4]}
`

/** ARGV: epoch, lease, time to live, channel, seq of the first event, events. A message is lost if nobody may send it: readers also look. */
const append = `${NOW}${FENCE}${IS_OPEN}
local first, tail = tonumber(ARGV[5]), tonumber(run[3])
if first > tail + 1 then return {'gap', run[3]} end
local last = math.max(tail, first + #ARGV - 6)
for seq = tail + 1, last do
  redis.call('XADD', KEYS[2], string.format('%s-%.0f', ARGV[1], seq), 'e', ARGV[5 + seq - first + 1])
end
redis.call('HSET', KEYS[1], 'tail', string.format('%.0f', last), 'lease', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
if last > tail then redis.pcall('PUBLISH', ARGV[4], '') end
return {'ok', run[4], run[5], run[6]}
`

/** ARGV: epoch, lease, time to live. */
const renew = `${NOW}${FENCE}${IS_OPEN}
redis.call('HSET', KEYS[1], 'lease', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return {'ok', run[4], run[5], run[6]}
`

/** ARGV: epoch, end, time to live, channel. */
const close = `${FENCE}
if run[2] == 'open' then
  redis.call('HSET', KEYS[1], 'status', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
  redis.pcall('PUBLISH', ARGV[4], '')
end
return {'ok', run[4]}
`

/** ARGV: reason, channel. */
const cancel = `
local status = redis.call('HGET', KEYS[1], 'status')
if not status then return {'unknown'} end
if status ~= 'open' then return {status} end
if redis.call('HSETNX', KEYS[1], 'cancel', ARGV[1]) == 0 then return {'already'} end
redis.pcall('PUBLISH', ARGV[2], '')
return {'requested'}
`

/** ARGV: seq before the first that is wanted, how many. The epoch in which it was written is that which began at or before it. */
const read = `
local run = redis.call('HMGET', KEYS[1], 'status', 'tail', 'created', 'epoch')
if not run[1] then return {'unknown_run'} end
local after, epoch = tonumber(ARGV[1]), tonumber(run[4])
if after >= tonumber(run[2]) then return {run[1], run[2], run[3], {}} end
while epoch > 1 and tonumber(redis.call('HGET', KEYS[1], 'base:' .. epoch)) > after do epoch = epoch - 1 end
local from = string.format('%.0f-%.0f', epoch, after + 1)
return {run[1], run[2], run[3], redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', ARGV[2])}
`

const status = `${NOW}${INFO}
return info('known')
`

/** Somebody reads. ARGV: for how many milliseconds this holds. */
const touch = `${NOW}
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'read', now + ARGV[1]) end
return {'ok'}
`

/** KEYS: the runs of a thread. ARGV: run id, when it was claimed, time to live. */
const join = `
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return {'ok'}
`

/** KEYS: the runs of a thread. ARGV: run id. */
const leave = `
redis.call('ZREM', KEYS[1], ARGV[1])
return {'ok'}
`

/** KEYS: the runs of a thread. The newest first. */
const runs = `
return redis.call('ZREVRANGE', KEYS[1], 0, -1)
`

export const scripts = { claim, takeover, append, renew, close, cancel, read, status, touch, join, leave, runs }
export type ScriptName = keyof typeof scripts

-- Functions that several scripts use; every script is this text followed by its own.
-- KEYS[1] is what all keys of the queue begin with, such as "bull:notification:".
local call = redis.call
local base = KEYS[1]
local waitKey, pausedKey, activeKey = base .. 'wait', base .. 'paused', base .. 'active'
local prioritizedKey, delayedKey, markerKey = base .. 'prioritized', base .. 'delayed', base .. 'marker'
local eventsKey, metaKey, stalledKey = base .. 'events', base .. 'meta', base .. 'stalled'

local function event(...)
    call('XADD', eventsKey, '*', 'event', ...)
end

local function trimEvents()
    local length = call('HGET', metaKey, 'opts.maxLenEvents')
    if not length then
        length = '10000'
        call('HSET', metaKey, 'opts.maxLenEvents', length)
    end
    call('XTRIM', eventsKey, 'MAXLEN', '~', length)
end

-- Wakes one worker: they block on the marker.
local function mark()
    call('ZADD', markerKey, 0, '0')
end

-- When the first delayed job is due, in ms; nil for none.
local function nextDue()
    local first = call('ZRANGE', delayedKey, 0, 0, 'WITHSCORES')
    if first[2] then return math.floor(tonumber(first[2]) / 4096) end
end

local function markDelayed()
    local due = nextDue()
    if due then call('ZADD', markerKey, string.format('%.0f', due), '1') end
end

-- Where a job without priority waits, whether workers may take one now, and whether the queue is paused.
-- BullMQ 5 moves the jobs of a paused queue to a list of their own. BullMQ 6 leaves them, and reads that list, too, when it
-- resumes: the jobs in it come first. So a job goes to that list unless BullMQ 6 has paused the queue and jobs wait.
local function admission()
    local meta = call('HMGET', metaKey, 'paused', 'concurrency')
    if meta[1] then return call('EXISTS', waitKey) == 1 and waitKey or pausedKey, false, true end
    local concurrency = tonumber(meta[2])
    return waitKey, not (concurrency and call('LLEN', activeKey) >= concurrency), false
end

-- Puts a job where workers take it from. side is LPUSH for the end of the line and RPUSH for the front.
local function pushWaiting(id, priority, list, side)
    if priority > 0 then
        local order = call('INCR', base .. 'pc') % 4294967296
        call('ZADD', prioritizedKey, string.format('%.0f', priority * 4294967296 + order), id)
    else
        call(side, list, id)
    end
end

-- Runs writes that belong together; returns nil, or what the script has to return when one of them fails. Redis undoes
-- nothing, so undo then puts a job back where it was found.
local function together(writes, undo)
    local isDone, failure = pcall(writes)
    if isDone then return nil end
    undo()
    return type(failure) == 'table' and failure or redis.error_reply(failure)
end

-- A score holds the time in ms and, in its low 12 bits, the order within that millisecond.
local function putDelayed(id, due)
    local low, high = due * 4096, due * 4096 + 4095
    local last = call('ZREVRANGEBYSCORE', delayedKey, string.format('%.0f', high), string.format('%.0f', low),
        'WITHSCORES', 'LIMIT', 0, 1)
    local score = last[2] and math.min(tonumber(last[2]) + 1, high) or low
    call('ZADD', delayedKey, string.format('%.0f', score), id)
end

local function announceDelayed(id, due)
    event('delayed', 'jobId', id, 'delay', string.format('%.0f', due))
    markDelayed()
end

-- Takes a running job out of the hands of the worker with this token.
-- Returns 0, or: -1 no such job, -2 no lock, -3 not active, -4 it waits for children, -6 another's lock.
local function release(id, token)
    local job = base .. id
    if call('EXISTS', job) == 0 then return -1 end
    if call('SCARD', job .. ':dependencies') > 0 then return -4 end
    local holder = call('GET', job .. ':lock')
    if not holder then return -2 end
    if holder ~= token then return -6 end
    call('DEL', job .. ':lock')
    call('SREM', stalledKey, id)
    if call('LREM', activeKey, -1, id) == 0 then return -3 end
    return 0
end

-- Undoes release, except for the lock: a running job without one is soon recovered, and runs again.
local function restoreActive(id)
    redis.pcall('RPUSH', activeKey, id)
end

-- A finished or removed job no longer keeps others of its deduplication id away, unless that has a time of its own.
local function releaseDeduplication(id)
    local deduplication = call('HGET', base .. id, 'deid')
    if not deduplication then return end
    local key = base .. 'de:' .. deduplication
    if call('PTTL', key) == -1 and call('GET', key) == id then call('DEL', key) end
end

local function deleteJob(id)
    local job = base .. id
    call('DEL', job, job .. ':lock', job .. ':logs', job .. ':dependencies', job .. ':processed', job .. ':failed',
        job .. ':unsuccessful')
end

-- With a limit on jobs that run at a time, the end of one lets the next begin.
local function markAfterRelease()
    local meta = call('HMGET', metaKey, 'paused', 'concurrency')
    if meta[2] and not meta[1] then mark() end
end

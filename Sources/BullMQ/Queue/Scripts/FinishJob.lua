-- Records that a job is completed or has failed for good.
-- ARGV: id, token, the time in ms, 'completed' or 'failed', the result (JSON) or the reason, the stack trace (JSON),
-- how many finished jobs to keep (-1 for all), the age in s up to which to keep them (-1 for any), '1' when the attempts
-- are exhausted.
-- Returns what release returns.
local id, now, outcome, count, age = ARGV[1], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[7]), tonumber(ARGV[8])
local job, set = base .. id, base .. outcome
local code = release(id, ARGV[2])
if code ~= 0 then return code end

-- At most so many at a time, so that one call stays short.
local function prune(ids)
    for _, old in ipairs(ids) do
        deleteJob(old)
        call('ZREM', set, old)
    end
end

local attempts
local failure = together(function()
    if count ~= 0 then
        call('ZADD', set, ARGV[3], id)
        if outcome == 'completed' then
            call('HSET', job, 'returnvalue', ARGV[5], 'finishedOn', ARGV[3])
        else
            call('HSET', job, 'failedReason', ARGV[5], 'stacktrace', ARGV[6], 'finishedOn', ARGV[3])
            call('HDEL', job, 'defa')
        end
    end
    attempts = call('HINCRBY', job, 'atm', 1)
end, function()
    redis.pcall('ZREM', set, id)
    restoreActive(id)
end)
if failure then return failure end

releaseDeduplication(id)
if count == 0 then deleteJob(id) end
trimEvents()
if outcome == 'completed' then
    event('completed', 'jobId', id, 'returnvalue', ARGV[5], 'prev', 'active')
else
    event('failed', 'jobId', id, 'failedReason', ARGV[5], 'prev', 'active')
    if ARGV[9] == '1' then event('retries-exhausted', 'jobId', id, 'attemptsMade', attempts) end
end
if count ~= 0 and age >= 0 then
    local oldest = string.format('%.0f', now - age * 1000)
    prune(call('ZRANGEBYSCORE', set, '-inf', '(' .. oldest, 'LIMIT', 0, 1000))
end
if count > 0 then
    local surplus = math.min(call('ZCARD', set) - count, 1000)
    if surplus > 0 then prune(call('ZRANGE', set, 0, surplus - 1)) end
end
if call('LLEN', waitKey) == 0 and call('LLEN', activeKey) == 0 and call('ZCARD', prioritizedKey) == 0 then
    event('drained')
end
markAfterRelease()
return 0

-- Lets a job that failed run again, now or later.
-- ARGV: id, token, the time in ms, the pause in ms, the reason, the stack trace (JSON), '1' to put it at the front.
-- Returns what release returns.
local id, now, pause = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local job = base .. id
local code = release(id, ARGV[2])
if code ~= 0 then return code end

local list, isOpen
local failure = together(function()
    list, isOpen = admission()
    if pause > 0 then
        putDelayed(id, now + pause)
    else
        local priority = tonumber(call('HGET', job, 'priority')) or 0
        pushWaiting(id, priority, list, ARGV[7] == '1' and 'RPUSH' or 'LPUSH')
    end
    call('HSET', job, 'failedReason', ARGV[5], 'stacktrace', ARGV[6], 'delay', ARGV[4])
    call('HINCRBY', job, 'atm', 1)
end, function()
    redis.pcall('ZREM', delayedKey, id)
    redis.pcall('ZREM', prioritizedKey, id)
    if list then redis.pcall('LREM', list, 1, id) end
    restoreActive(id)
end)
if failure then return failure end

trimEvents()
if pause > 0 then
    announceDelayed(id, now + pause)
    markAfterRelease()
else
    event('waiting', 'jobId', id, 'prev', 'active')
    if isOpen then mark() end
end
return 0

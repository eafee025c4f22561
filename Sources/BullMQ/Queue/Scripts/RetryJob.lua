-- Lets a job that failed run again, now or later.
-- ARGV: id, token, the time in ms, the pause in ms, the reason, the stack trace (JSON), '1' to put it at the front.
-- Returns what release returns.
local id, now, pause = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local job = base .. id
local code = release(id, ARGV[2])
if code ~= 0 then return code end

trimEvents()
call('HINCRBY', job, 'atm', 1)
call('HSET', job, 'failedReason', ARGV[5], 'stacktrace', ARGV[6], 'delay', ARGV[4])
if pause > 0 then
    addDelayed(id, now + pause)
    markAfterRelease()
else
    local list, isOpen = admission()
    local priority = tonumber(call('HGET', job, 'priority')) or 0
    pushWaiting(id, priority, list, ARGV[7] == '1' and 'RPUSH' or 'LPUSH')
    event('waiting', 'jobId', id, 'prev', 'active')
    if isOpen then mark() end
end
return 0

-- Lets a job that has failed for good run once more.
-- ARGV: id. Returns 1, 0 when there is no such job, or -1 when it has not failed.
local id = ARGV[1]
local job = base .. id
if call('EXISTS', job) == 0 then return 0 end
local failed = base .. 'failed'
local score = call('ZSCORE', failed, id)
if not score then return -1 end
local list, isOpen = admission()
local failure = together(function()
    call('ZREM', failed, id)
    pushWaiting(id, tonumber(call('HGET', job, 'priority')) or 0, list, 'LPUSH')
end, function() redis.pcall('ZADD', failed, score, id) end)
if failure then return failure end
call('HDEL', job, 'finishedOn', 'processedOn', 'failedReason', 'defa')
event('waiting', 'jobId', id, 'prev', 'failed')
if isOpen then mark() end
return 1

-- Lets a job that has failed for good run once more.
-- ARGV: id. Returns 1, 0 when there is no such job, or -1 when it has not failed.
local id = ARGV[1]
local job = base .. id
if call('EXISTS', job) == 0 then return 0 end
if call('ZREM', base .. 'failed', id) == 0 then return -1 end
call('HDEL', job, 'finishedOn', 'processedOn', 'failedReason', 'defa')
local list, isOpen = admission()
pushWaiting(id, tonumber(call('HGET', job, 'priority')) or 0, list, 'LPUSH')
event('waiting', 'jobId', id, 'prev', 'failed')
if isOpen then mark() end
return 1

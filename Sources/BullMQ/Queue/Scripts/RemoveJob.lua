-- Removes a job that no worker runs.
-- ARGV: id. Returns 1, 0 when there is no such job, or -1 when a worker runs it.
local id = ARGV[1]
local job = base .. id
if call('EXISTS', job) == 0 then return 0 end
if call('EXISTS', job .. ':lock') == 1 then return -1 end
releaseDeduplication(id)
for _, list in ipairs({ waitKey, pausedKey, activeKey }) do call('LREM', list, 0, id) end
for _, set in ipairs({ prioritizedKey, delayedKey, base .. 'completed', base .. 'failed' }) do call('ZREM', set, id) end
call('SREM', stalledKey, id)
deleteJob(id)
event('removed', 'jobId', id)
return 1

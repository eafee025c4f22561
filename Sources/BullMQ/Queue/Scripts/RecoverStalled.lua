-- Lets jobs run again whose worker is gone. A job is recovered by the second of two checks that find it without a lock.
-- ARGV: the time in ms, the interval of the checks in ms, how often a job may stall before it fails.
-- Returns the ids that wait again.
if not call('SET', base .. 'stalled-check', ARGV[1], 'PX', ARGV[2], 'NX') then return {} end
trimEvents()
local recovered, failure = {}, nil
local list, _, isPaused = admission()
for _, id in ipairs(call('SMEMBERS', stalledKey)) do
    local job = base .. id
    if call('EXISTS', job .. ':lock') == 0 and call('LREM', activeKey, 1, id) > 0 and call('EXISTS', job) == 1 then
        local failed = together(function()
            call('RPUSH', list, id)
            if call('HINCRBY', job, 'stc', 1) > tonumber(ARGV[3]) then
                -- The next worker that takes it fails it at once.
                call('HSET', job, 'defa', 'job stalled more than allowable limit')
            end
        end, function()
            redis.pcall('LREM', list, -1, id)
            restoreActive(id)
        end)
        if failed then
            -- It keeps no other from being recovered.
            failure = failed
        else
            event('waiting', 'jobId', id, 'prev', 'active')
            event('stalled', 'jobId', id)
            recovered[#recovered + 1] = id
        end
    end
end
call('DEL', stalledKey)
local active = call('LRANGE', activeKey, 0, -1)
for i = 1, #active, 1000 do
    call('SADD', stalledKey, unpack(active, i, math.min(i + 999, #active)))
end
if #recovered > 0 and not isPaused then mark() end
return failure or recovered

-- Adds jobs in their order. A job whose id is known changes nothing.
-- ARGV: the time in ms, then for each job: id, name, data, opts, delay in ms, priority, '1' to add it at the front.
-- Returns for each job 1 when it was added, 0 when its id is known.
local now = tonumber(ARGV[1])
local outcomes = {}
call('INCRBY', base .. 'id', (#ARGV - 1) / 7)
trimEvents()
local list, isOpen = admission()
local isReady = false
local unfinished
local failure = together(function()
    for i = 2, #ARGV, 7 do
        local id, name, delay, priority = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 4]), tonumber(ARGV[i + 5])
        local job = base .. id
        if call('EXISTS', job) == 1 then
            event('duplicated', 'jobId', id)
            outcomes[#outcomes + 1] = 0
        else
            unfinished = id
            call('HSET', job, 'name', name, 'data', ARGV[i + 2], 'opts', ARGV[i + 3], 'timestamp', ARGV[1],
                'delay', ARGV[i + 4], 'priority', ARGV[i + 5])
            event('added', 'jobId', id, 'name', name)
            if delay > 0 then
                putDelayed(id, now + delay)
                announceDelayed(id, now + delay)
            else
                pushWaiting(id, priority, list, ARGV[i + 6] == '1' and 'RPUSH' or 'LPUSH')
                event('waiting', 'jobId', id)
                isReady = true
            end
            unfinished = nil
            outcomes[#outcomes + 1] = 1
        end
    end
end, function()
    -- A job that is known and waits nowhere would never run, and could not be added again.
    if not unfinished then return end
    redis.pcall('DEL', base .. unfinished)
    redis.pcall('ZREM', delayedKey, unfinished)
    redis.pcall('ZREM', prioritizedKey, unfinished)
    redis.pcall('LREM', list, 1, unfinished)
end)
if failure then return failure end
if isReady and isOpen then mark() end
return outcomes

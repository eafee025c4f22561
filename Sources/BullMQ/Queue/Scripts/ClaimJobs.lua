-- Gives waiting jobs to a worker, and makes delayed jobs that are due wait.
-- ARGV: the time in ms, the token, the lock's duration in ms, the worker's name, how many jobs, and the rate limit:
-- jobs and ms, 0 for none.
-- Returns the jobs, when the first delayed job is due (0 for none), and the ms until the rate limit allows more.
local now, token, lockTime, worker, room = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local list, _, isPaused = admission()
local meta = call('HMGET', metaKey, 'concurrency', 'max', 'duration')
local concurrency = tonumber(meta[1])
local most, period = tonumber(ARGV[6]), tonumber(ARGV[7])
if most == 0 then most, period = tonumber(meta[2]) or 0, tonumber(meta[3]) or 0 end

local due = call('ZRANGEBYSCORE', delayedKey, 0, string.format('%.0f', (now + 1) * 4096 - 1), 'WITHSCORES',
    'LIMIT', 0, 1000)
for i = 1, #due, 2 do
    local id, score = due[i], due[i + 1]
    local failure = together(function()
        call('ZREM', delayedKey, id)
        pushWaiting(id, tonumber(redis.pcall('HGET', base .. id, 'priority')) or 0, list, 'LPUSH')
    end, function() redis.pcall('ZADD', delayedKey, score, id) end)
    if failure then return failure end
    event('waiting', 'jobId', id, 'prev', 'delayed')
    call('HSET', base .. id, 'delay', 0)
end

local pause = 0
if isPaused then room = 0 end
if concurrency then room = math.min(room, concurrency - call('LLEN', activeKey)) end
if most > 0 and room > 0 then
    local left = most - (tonumber(call('GET', base .. 'limiter')) or 0)
    if left <= 0 then
        pause = call('PTTL', base .. 'limiter')
        if pause < 0 then
            pause = period
            call('PEXPIRE', base .. 'limiter', period)
        end
    end
    room = math.min(room, left)
end

local jobs = {}
while #jobs < room do
    local id = call('RPOPLPUSH', waitKey, activeKey)
    if not id then
        local first = call('ZPOPMIN', prioritizedKey)
        id = first[1]
        if not id then
            call('DEL', base .. 'pc')
            break
        end
        local failure = together(function() call('LPUSH', activeKey, id) end, function()
            redis.pcall('ZADD', prioritizedKey, first[2], id)
        end)
        if failure then return failure end
    end
    local job = base .. id
    local fields = call('HMGET', job, 'name', 'data', 'opts', 'timestamp', 'atm', 'stc', 'priority', 'defa')
    if fields[1] then
        call('SET', job .. ':lock', token, 'PX', lockTime)
        event('active', 'jobId', id, 'prev', 'waiting')
        call('HSET', job, 'processedOn', ARGV[1], 'pb', worker)
        call('HINCRBY', job, 'ats', 1)
        jobs[#jobs + 1] = { id, fields }
    else
        -- Its hash was deleted by hand.
        call('LREM', activeKey, 1, id)
    end
end

if most > 0 and #jobs > 0 and call('INCRBY', base .. 'limiter', #jobs) == #jobs then
    call('PEXPIRE', base .. 'limiter', period)
end
if #jobs == room and room > 0 and (call('LLEN', waitKey) > 0 or call('ZCARD', prioritizedKey) > 0) then
    local _, isOpen = admission()
    if isOpen then mark() end
end
return { jobs, nextDue() or 0, pause }

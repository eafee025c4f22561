-- Renews the locks of running jobs.
-- ARGV: the duration in ms, then id and token of each job.
-- Returns the ids whose lock is lost.
local lost = {}
for i = 2, #ARGV, 2 do
    local id, lock = ARGV[i], base .. ARGV[i] .. ':lock'
    if call('GET', lock) == ARGV[i + 1] then
        call('SET', lock, ARGV[i + 1], 'PX', ARGV[1])
        call('SREM', stalledKey, id)
    else
        lost[#lost + 1] = id
    end
end
return lost

-- Returns the state and the hash of a job; nothing when there is no such job.
-- ARGV: id.
local id = ARGV[1]
local fields = call('HGETALL', base .. id)
if #fields == 0 then return {} end
for _, set in ipairs({ 'completed', 'failed', 'delayed', 'prioritized' }) do
    if call('ZSCORE', base .. set, id) then return { set, fields } end
end
for state, list in pairs({ active = activeKey, waiting = waitKey, paused = pausedKey }) do
    if call('LPOS', list, id) then return { state, fields } end
end
return { 'unknown', fields }

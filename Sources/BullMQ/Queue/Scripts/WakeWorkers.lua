-- Gives back the marker that a worker took before it closed.
local _, isOpen = admission()
if isOpen and (call('LLEN', waitKey) > 0 or call('ZCARD', prioritizedKey) > 0) then mark() end
markDelayed()
return 0
